package io.sluice.scsi.internal.vpd;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.identity.DeviceIdentificationPage;
import io.sluice.scsi.internal.tpc.ThirdPartyCopyPage;
import io.sluice.scsi.internal.unit.BlockDevice;
import java.nio.charset.StandardCharsets;

/** The vital product data pages, one row each, in ascending order of their codes (SPC-5 7.7). */
public enum VpdPage {
    SUPPORTED_VPD_PAGES(0x00, (unit, nexus) -> codes()),
    UNIT_SERIAL_NUMBER(0x80, (unit, nexus) -> unit.identity().serial().getBytes(StandardCharsets.US_ASCII)),
    DEVICE_IDENTIFICATION(0x83, DeviceIdentificationPage::encode),
    MANAGEMENT_NETWORK_ADDRESSES(0x85, (unit, nexus) -> new byte[0]),
    EXTENDED_INQUIRY_DATA(0x86, (unit, nexus) -> PrimaryPages.extendedInquiry()),
    MODE_PAGE_POLICY(0x87, (unit, nexus) -> PrimaryPages.modePagePolicy()),
    SCSI_PORTS(0x88, (unit, nexus) -> PrimaryPages.scsiPorts(nexus)),
    THIRD_PARTY_COPY(
            0x8F, (unit, nexus) -> ThirdPartyCopyPage.encode(unit.geometry().blockSize())),
    BLOCK_LIMITS(0xB0, (unit, nexus) -> BlockPages.blockLimits(unit)),
    BLOCK_DEVICE_CHARACTERISTICS(0xB1, (unit, nexus) -> BlockPages.characteristics(unit)),
    LOGICAL_BLOCK_PROVISIONING(0xB2, (unit, nexus) -> BlockPages.provisioning(unit));

    private static final int HEADER = 4;

    private final int code;
    private final Body body;

    /** Makes the bytes behind the page header. */
    @FunctionalInterface
    private interface Body {
        byte[] encode(BlockDevice unit, Nexus nexus);
    }

    VpdPage(int code, Body body) {
        this.code = code;
        this.body = body;
    }

    /** Returns the PAGE CODE. */
    public int code() {
        return code;
    }

    /** Returns the page of a code, or null. */
    public static VpdPage find(int code) {
        for (VpdPage page : values()) {
            if (page.code == code) {
                return page;
            }
        }
        return null;
    }

    /** Returns the whole page of a unit as a nexus sees it. */
    public byte[] encode(BlockDevice unit, Nexus nexus) {
        byte[] bytes = body.encode(unit, nexus);
        byte[] page = new byte[HEADER + bytes.length];
        page[1] = (byte) code;
        Bytes.put16(page, 2, bytes.length);
        System.arraycopy(bytes, 0, page, HEADER, bytes.length);
        return page;
    }

    private static byte[] codes() {
        byte[] codes = new byte[values().length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) values()[i].code;
        }
        return codes;
    }
}

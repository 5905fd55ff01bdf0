package io.sluice.scsi.internal.vpd;

import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.identity.DeviceIdentificationPage;
import io.sluice.scsi.internal.tpc.ThirdPartyCopyPage;
import io.sluice.scsi.internal.unit.LunMapping;
import java.nio.charset.StandardCharsets;

/** The vital product data pages, one row each, in ascending order of their codes (SPC-5 7.7). */
public enum VpdPage {
    SUPPORTED_VPD_PAGES(0x00, mapping -> codes()),
    UNIT_SERIAL_NUMBER(0x80, mapping -> mapping.unit().identity().serial().getBytes(StandardCharsets.US_ASCII)),
    DEVICE_IDENTIFICATION(0x83, DeviceIdentificationPage::encode),
    MANAGEMENT_NETWORK_ADDRESSES(0x85, mapping -> new byte[0]),
    EXTENDED_INQUIRY_DATA(0x86, mapping -> PrimaryPages.extendedInquiry()),
    MODE_PAGE_POLICY(0x87, mapping -> PrimaryPages.modePagePolicy()),
    SCSI_PORTS(0x88, mapping -> PrimaryPages.scsiPorts(mapping.view().groups())),
    THIRD_PARTY_COPY(
            0x8F, mapping -> ThirdPartyCopyPage.encode(mapping.unit().geometry().blockSize())),
    BLOCK_LIMITS(0xB0, mapping -> BlockPages.blockLimits(mapping.unit())),
    BLOCK_DEVICE_CHARACTERISTICS(0xB1, mapping -> BlockPages.characteristics(mapping.unit())),
    LOGICAL_BLOCK_PROVISIONING(0xB2, mapping -> BlockPages.provisioning(mapping.unit()));

    private static final int HEADER = 4;

    private final int code;
    private final Body body;

    /** Makes the bytes behind the page header. */
    @FunctionalInterface
    private interface Body {
        byte[] encode(LunMapping mapping);
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
    public byte[] encode(LunMapping mapping) {
        byte[] bytes = body.encode(mapping);
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

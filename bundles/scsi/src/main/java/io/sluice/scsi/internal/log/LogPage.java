package io.sluice.scsi.internal.log;

import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.ProvisioningThreshold;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;

/** The log pages, one row each, in ascending order of page and subpage (SPC-5 7.3). */
public enum LogPage {
    SUPPORTED_LOG_PAGES(0x00, 0x00, unit -> codes(unit, false)),
    SUPPORTED_LOG_PAGES_AND_SUBPAGES(0x00, 0xFF, unit -> codes(unit, true)),
    /** SBC-4 6.4.5; only where the storage can tell. */
    LOGICAL_BLOCK_PROVISIONING(0x0C, 0x00, null),
    /** SPC-5 7.3.21: there is no thermometer, which Windows asks for at each disk. */
    TEMPERATURE(0x0D, 0x00, unit -> temperature()),
    GENERAL_STATISTICS_AND_PERFORMANCE(0x19, 0x00, LogPage::statistics),
    /** SPC-5 7.3.8: no exception, as the mode page says that none is reported. */
    INFORMATIONAL_EXCEPTIONS(0x2F, 0x00, unit -> exceptions());

    /** The temperature cannot be told. */
    private static final byte NO_TEMPERATURE = (byte) 0xFF;

    private static final int HEADER = 4;
    private static final int SPF = 0x40;

    /** FORMAT AND LINKING: a binary list parameter; in statistics pages values are kept from power on. */
    private static final int BINARY_LIST = 0x03;

    private static final int USED_RESOURCE_COUNT = 0x0002;
    private static final int RESOURCE_LENGTH = 8;
    private static final int STATISTICS = 0x0001;
    private static final int STATISTICS_LENGTH = 0x40;

    private final int page;
    private final int subpage;
    private final Function<BlockDevice, byte[]> body;

    LogPage(int page, int subpage, Function<BlockDevice, byte[]> body) {
        this.page = page;
        this.subpage = subpage;
        this.body = body;
    }

    /** Returns the PAGE CODE. */
    public int page() {
        return page;
    }

    /** Returns the SUBPAGE CODE. */
    public int subpage() {
        return subpage;
    }

    /** Returns the page of the codes that a unit has, or null. */
    public static LogPage find(BlockDevice unit, int page, int subpage) {
        for (LogPage candidate : values()) {
            if (candidate.page == page && candidate.subpage == subpage && candidate.supportedBy(unit)) {
                return candidate;
            }
        }
        return null;
    }

    private boolean supportedBy(BlockDevice unit) {
        return this != LOGICAL_BLOCK_PROVISIONING
                || (unit.provisioned() && unit.threshold().measurable());
    }

    /** Returns whether the page is about the space that the unit takes, which has to be found out first. */
    boolean needsAllocation() {
        return this == LOGICAL_BLOCK_PROVISIONING;
    }

    /** Returns the whole page of a unit. */
    public byte[] encode(BlockDevice unit) {
        return withHeader(body.apply(unit));
    }

    /** Returns the whole page for a unit that takes so much space. */
    byte[] encode(long allocatedBytes) {
        return withHeader(provisioning(allocatedBytes));
    }

    private byte[] withHeader(byte[] parameters) {
        byte[] data = new byte[HEADER + parameters.length];
        data[0] = (byte) (page | (subpage == 0 ? 0 : SPF));
        data[1] = (byte) subpage;
        Bytes.put16(data, 2, parameters.length);
        System.arraycopy(parameters, 0, data, HEADER, parameters.length);
        return data;
    }

    private static byte[] codes(BlockDevice unit, boolean withSubpages) {
        ByteArrayOutputStream codes = new ByteArrayOutputStream();
        for (LogPage candidate : values()) {
            if (candidate.supportedBy(unit) && (withSubpages || candidate.subpage == 0)) {
                codes.write(candidate.page);
                if (withSubpages) {
                    codes.write(candidate.subpage);
                }
            }
        }
        return codes.toByteArray();
    }

    private static byte[] temperature() {
        return parameter(0, new byte[] {0, NO_TEMPERATURE});
    }

    private static byte[] exceptions() {
        return parameter(0, new byte[] {0, 0, NO_TEMPERATURE, 0});
    }

    private static byte[] parameter(int code, byte[] value) {
        byte[] parameter = parameter(code, value.length);
        System.arraycopy(value, 0, parameter, HEADER, value.length);
        return parameter;
    }

    private static byte[] parameter(int code, int length) {
        byte[] parameter = new byte[HEADER + length];
        Bytes.put16(parameter, 0, code);
        parameter[2] = BINARY_LIST;
        parameter[3] = (byte) length;
        return parameter;
    }

    private static byte[] provisioning(long allocated) {
        byte[] used = parameter(USED_RESOURCE_COUNT, RESOURCE_LENGTH);
        long count = (allocated + ProvisioningThreshold.SET_BYTES - 1) / ProvisioningThreshold.SET_BYTES;
        Bytes.put32(used, HEADER, Math.min(count, 0xFFFF_FFFFL));
        // SCOPE: the count is of this logical unit.
        used[8] = 0x01;
        return used;
    }

    private static byte[] statistics(BlockDevice unit) {
        byte[] parameter = parameter(STATISTICS, STATISTICS_LENGTH);
        Bytes.put64(parameter, HEADER, unit.statistics().reads());
        Bytes.put64(parameter, HEADER + 8, unit.statistics().writes());
        Bytes.put64(parameter, HEADER + 16, unit.statistics().blocksWritten());
        Bytes.put64(parameter, HEADER + 24, unit.statistics().blocksRead());
        return parameter;
    }
}

package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.unit.RepresentationOfData;
import java.io.ByteArrayOutputStream;

/** The Third-party Copy VPD page (SPC-5 7.7.18, SBC-4 6.6.8): which copies there are, and their limits. */
public final class ThirdPartyCopyPage {

    private static final int BLOCK_DEVICE_ROD_LIMITS = 0x0000;
    private static final int SUPPORTED_COMMANDS = 0x0001;
    private static final int PARAMETER_DATA = 0x0004;
    private static final int SUPPORTED_DESCRIPTORS = 0x0008;
    private static final int ROD_TOKEN_FEATURES = 0x0106;
    private static final int SUPPORTED_ROD_TYPES = 0x0108;
    private static final int GENERAL_COPY_OPERATIONS = 0x8001;

    private static final int[] COPY_ACTIONS = {0x00, 0x10, 0x11};
    private static final int[] RECEIVE_ACTIONS = {0x00, 0x03, 0x07};
    private static final int OPTIMAL_TRANSFER_BYTES = 64 << 20;

    private ThirdPartyCopyPage() {}

    /** Returns the bytes behind the page header, for a unit with blocks of a size. */
    public static byte[] encode(int blockSize) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        put(page, BLOCK_DEVICE_ROD_LIMITS, rodLimits(blockSize));
        put(page, SUPPORTED_COMMANDS, supportedCommands());
        put(page, PARAMETER_DATA, parameterData());
        put(page, SUPPORTED_DESCRIPTORS, supportedDescriptors());
        put(page, ROD_TOKEN_FEATURES, rodTokenFeatures());
        put(page, SUPPORTED_ROD_TYPES, rodTypes());
        put(page, GENERAL_COPY_OPERATIONS, generalCopyOperations());
        return page.toByteArray();
    }

    private static void put(ByteArrayOutputStream page, int type, byte[] body) {
        byte[] header = new byte[4];
        int padded = (body.length + 3) / 4 * 4;
        Bytes.put16(header, 0, type);
        Bytes.put16(header, 2, padded);
        page.writeBytes(header);
        page.writeBytes(body);
        page.writeBytes(new byte[padded - body.length]);
    }

    private static byte[] rodLimits(int blockSize) {
        byte[] body = new byte[0x20];
        Bytes.put16(body, 6, BlockRangeDescriptor.MOST);
        Bytes.put32(body, 8, PopulateTokenCommand.MAX_TIMEOUT_SECONDS);
        Bytes.put32(body, 12, PopulateTokenCommand.DEFAULT_TIMEOUT_SECONDS);
        Bytes.put64(body, 16, PopulateTokenCommand.MAX_TOKEN_BYTES / blockSize);
        Bytes.put64(body, 24, OPTIMAL_TRANSFER_BYTES / blockSize);
        return body;
    }

    private static byte[] supportedCommands() {
        byte[] body = new byte[1 + 2 + COPY_ACTIONS.length + 2 + RECEIVE_ACTIONS.length];
        body[0] = (byte) (body.length - 1);
        int offset = commands(body, 1, 0x83, COPY_ACTIONS);
        commands(body, offset, 0x84, RECEIVE_ACTIONS);
        return body;
    }

    private static int commands(byte[] body, int offset, int opcode, int[] actions) {
        body[offset] = (byte) opcode;
        body[offset + 1] = (byte) actions.length;
        for (int i = 0; i < actions.length; i++) {
            body[offset + 2 + i] = (byte) actions[i];
        }
        return offset + 2 + actions.length;
    }

    private static byte[] parameterData() {
        byte[] body = new byte[0x1C];
        Bytes.put16(body, 4, ExtendedCopyCommand.MAX_TARGETS);
        Bytes.put16(body, 6, ExtendedCopyCommand.MAX_SEGMENTS);
        Bytes.put32(body, 8, ExtendedCopyCommand.MAX_LIST_LENGTH);
        return body;
    }

    private static byte[] supportedDescriptors() {
        return new byte[] {2, ExtendedCopyCommand.BLOCK_TO_BLOCK, (byte) CopyDescriptor.IDENTIFICATION};
    }

    private static byte[] rodTokenFeatures() {
        byte[] body = new byte[0x2C];
        Bytes.put32(body, 16, PopulateTokenCommand.DEFAULT_TIMEOUT_SECONDS);
        Bytes.put32(body, 20, PopulateTokenCommand.MAX_TIMEOUT_SECONDS);
        return body;
    }

    /** One type, whose token can be made and used here. */
    private static byte[] rodTypes() {
        byte[] body = new byte[4 + 0x40];
        Bytes.put16(body, 2, 0x40);
        Bytes.put32(body, 4, RepresentationOfData.TYPE);
        body[8] = (byte) 0x83;
        return body;
    }

    private static byte[] generalCopyOperations() {
        byte[] body = new byte[0x20];
        Bytes.put32(body, 0, 64);
        Bytes.put32(body, 4, 64);
        Bytes.put32(body, 8, ExtendedCopyCommand.MAX_SEGMENT_BYTES);
        body[12] = 9;
        return body;
    }
}

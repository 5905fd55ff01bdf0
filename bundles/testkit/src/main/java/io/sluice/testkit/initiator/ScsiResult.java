package io.sluice.testkit.initiator;

import java.util.Arrays;

/**
 * How a SCSI command ended.
 *
 * @param status status code (SAM-5 5.3.1)
 * @param sense sense data, perhaps empty
 * @param data Data-In in order
 * @param residual residual count: positive for an overflow, negative for an underflow
 * @param dataPdus Data-In PDUs received
 * @param r2ts R2Ts received
 */
public record ScsiResult(int status, byte[] sense, byte[] data, long residual, int dataPdus, int r2ts) {

    /** Returns what the PDU with the status says; fails if its residual flags and count contradict each other. */
    static ScsiResult of(RawPdu pdu, int status, byte[] data, int dataPdus, int r2ts) {
        byte[] segment = pdu.opcode() == RawPdu.SCSI_RESPONSE ? pdu.data() : new byte[0];
        byte[] sense = segment.length == 0 ? segment : Arrays.copyOfRange(segment, 2, segment.length);
        long count = Integer.toUnsignedLong(pdu.int32(44));
        int flags = pdu.int8(1) & 0x06;
        if (flags == 0x06 || flags == 0 && count != 0) {
            throw new AssertionError("residual flags and count contradict each other: " + pdu);
        }
        return new ScsiResult(status, sense, data, flags == 0x02 ? -count : count, dataPdus, r2ts);
    }

    /** Returns what a SCSI Response says of a command whose other PDUs somebody else has looked at. */
    public static ScsiResult of(RawPdu response) {
        if (response.opcode() != RawPdu.SCSI_RESPONSE) {
            throw new AssertionError("no SCSI Response: " + response);
        }
        return of(response, response.int8(3), new byte[0], 0, 0);
    }

    /** Returns sense key, additional sense code and qualifier as one number such as 0x052100; -1 without sense. */
    public int senseCode() {
        if (sense.length < 14) {
            return -1;
        }
        return (sense[2] & 0xF) << 16 | (sense[12] & 0xFF) << 8 | sense[13] & 0xFF;
    }

    /** Fails unless the status is GOOD and the residual zero; returns the data. */
    public byte[] expectGood() {
        if (status != 0 || residual != 0) {
            throw new AssertionError(this);
        }
        return data;
    }

    /** Fails unless the command ended with CHECK CONDITION and this sense key, code and qualifier. */
    public ScsiResult expectSense(int senseCode) {
        if (status != 2 || senseCode() != senseCode) {
            throw new AssertionError(String.format("expected sense %06x: %s", senseCode, this));
        }
        return this;
    }

    /** Fails unless the residual count is this one: positive for an overflow, negative for an underflow. */
    public ScsiResult expectResidual(long expected) {
        if (residual != expected) {
            throw new AssertionError("expected residual " + expected + ": " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return String.format(
                "status %02x sense %06x residual %d, %d bytes", status, senseCode(), residual, data.length);
    }
}

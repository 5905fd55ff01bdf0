package io.sluice.iscsi.trace;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes PDUs as a capture that Wireshark and tcpdump read (the classic pcap format, with nanoseconds, of raw IP packets). Addresses,
 * ports, times and bytes are what they were; the packets are made up: one for each PDU, or more where one is too short. Of a PDU whose
 * data was not kept the packet is cut short, as with a capture that keeps so many bytes of each.
 */
final class Capture {

    private static final int NANOSECOND_MAGIC = 0xA1B23C4D;
    private static final int RAW_IP = 101;
    private static final int LONGEST_PACKET = 256 << 10;
    private static final int SEGMENT = 60_000;
    private static final int DIGEST = 4;
    private static final int PART = 1024;
    private static final long SECOND = 1_000_000_000L;

    private final DataOutputStream out;
    private final Map<TracedPdu.Ends, Stream> streams = new IdentityHashMap<>();

    /** How far each direction has come, in bytes, and how many packets there were. */
    private static final class Stream {
        private int received = 1;
        private int sent = 1;
        private int packets;
    }

    Capture(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    /** Writes what a ring has; what goes while it is written is not in it. */
    void write(TraceRing<TracedPdu> pdus) throws IOException {
        out.writeInt(NANOSECOND_MAGIC);
        out.writeShort(2);
        out.writeShort(4);
        out.writeLong(0);
        out.writeInt(LONGEST_PACKET);
        out.writeInt(RAW_IP);
        long end = pdus.count();
        for (long next = 0; next < end; ) {
            TraceRing.Part<TracedPdu> part = pdus.from(next, PART);
            List<TracedPdu> things = part.things();
            for (TracedPdu pdu : things) {
                write(pdu);
            }
            if (things.isEmpty()) {
                break;
            }
            next = part.from() + things.size();
        }
        out.flush();
    }

    private void write(TracedPdu pdu) throws IOException {
        byte[] kept = bytes(pdu);
        int length = length(pdu);
        Stream stream = streams.computeIfAbsent(pdu.ends(), ends -> new Stream());
        for (int offset = 0; offset < length; offset += SEGMENT) {
            int whole = Math.min(SEGMENT, length - offset);
            int there = Math.max(0, Math.min(whole, kept.length - offset));
            packet(pdu, stream, kept, offset, there, whole);
            if (pdu.received()) {
                stream.received += whole;
            } else {
                stream.sent += whole;
            }
        }
    }

    private static int length(TracedPdu pdu) {
        int head = pdu.head().length + (pdu.headerDigest() ? DIGEST : 0);
        boolean digest = pdu.dataDigest() && pdu.dataLength() > 0;
        return head + pdu.dataLength() + padding(pdu) + (digest ? DIGEST : 0);
    }

    private static int padding(TracedPdu pdu) {
        return -pdu.dataLength() & 3;
    }

    /** As it was on the wire, up to where data is missing. */
    private static byte[] bytes(TracedPdu pdu) {
        boolean whole = pdu.data().length == pdu.dataLength();
        int head = pdu.head().length + (pdu.headerDigest() ? DIGEST : 0);
        byte[] bytes = new byte[whole ? length(pdu) : head + pdu.data().length];
        System.arraycopy(pdu.head(), 0, bytes, 0, pdu.head().length);
        if (pdu.headerDigest()) {
            putDigest(bytes, 0, pdu.head().length);
        }
        System.arraycopy(pdu.data(), 0, bytes, head, pdu.data().length);
        if (whole && pdu.dataDigest() && pdu.dataLength() > 0) {
            putDigest(bytes, head, pdu.dataLength() + padding(pdu));
        }
        return bytes;
    }

    private static void putDigest(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        int value = Integer.reverseBytes((int) crc.getValue());
        for (int i = 0; i < DIGEST; i++) {
            bytes[offset + length + i] = (byte) (value >>> 8 * (DIGEST - 1 - i));
        }
    }

    private void packet(TracedPdu pdu, Stream stream, byte[] kept, int offset, int there, int whole)
            throws IOException {
        byte[] headers = new Packet(pdu.ends(), pdu.received())
                .numbers(
                        pdu.received() ? stream.received : stream.sent,
                        pdu.received() ? stream.sent : stream.received,
                        stream.packets++)
                .headers(kept, offset, there, whole);
        out.writeInt((int) (pdu.epochNanos() / SECOND));
        out.writeInt((int) (pdu.epochNanos() % SECOND));
        out.writeInt(headers.length + there);
        out.writeInt(headers.length + whole);
        out.write(headers);
        out.write(kept, Math.min(offset, kept.length), there);
    }
}

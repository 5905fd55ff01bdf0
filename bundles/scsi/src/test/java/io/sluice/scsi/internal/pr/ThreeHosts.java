package io.sluice.scsi.internal.pr;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A unit that three hosts make persistent reservations of. */
abstract class ThreeHosts {

    static final int REGISTER = 0;
    static final int RESERVE = 1;
    static final int RELEASE = 2;
    static final int REGISTER_AND_IGNORE = 6;
    static final String READ = "28 00 00 00 00 00 00 00 01 00";
    static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    TestUnit unit = TestUnit.thin();
    final Nexus a = unit.nexus;
    final Nexus b = unit.newNexus(2);
    final Nexus c = unit.newNexus(3);

    TestTask out(Nexus nexus, int action, int type, long key, long actionKey, int flags) {
        byte[] list = new byte[24];
        put64(list, 0, key);
        put64(list, 8, actionKey);
        list[20] = (byte) flags;
        return out(nexus, action, type, list);
    }

    TestTask out(Nexus nexus, int action, int type, byte[] list) {
        String cdb = String.format("5f %02x %02x 00 00 %s 00", action, type, TestUnit.hex(list.length, 4));
        return unit.write(nexus, cdb, list);
    }

    TestTask register(Nexus nexus, long key) {
        return out(nexus, REGISTER, 0, 0, key, 0);
    }

    static void put64(byte[] bytes, int offset, long value) {
        for (int i = 0; i < 8; i++) {
            bytes[offset + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    String in(int action) {
        return in(a, action);
    }

    String in(Nexus nexus, int action) {
        byte[] data = unit.run(nexus, String.format("5e %02x 00 00 00 00 00 ff ff 00", action))
                .expectGood()
                .data();
        int length = action == 2 ? 8 : 8 + (data[6] & 0xFF) * 256 + (data[7] & 0xFF);
        return HexFormat.ofDelimiter(" ").formatHex(data, 0, length);
    }

    TestTask write(Nexus nexus) {
        return unit.write(nexus, WRITE, new byte[512]);
    }

    void expectAttention(Nexus nexus, Sense sense) {
        unit.run(nexus, "00 00 00 00 00 00").expectSense(sense);
    }

    void expectNoAttention(Nexus nexus) {
        unit.run(nexus, "00 00 00 00 00 00").expectGood();
    }

    static byte[] transportId(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.max(20, (text.length / 4 + 1) * 4);
        byte[] id = new byte[4 + length];
        id[0] = 0x45;
        id[3] = (byte) length;
        System.arraycopy(text, 0, id, 4, text.length);
        return id;
    }
}

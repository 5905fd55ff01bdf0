package io.sluice.itests;

import static io.sluice.itests.Host.CLEAR;
import static io.sluice.itests.Host.GOOD;
import static io.sluice.itests.Host.PREEMPT;
import static io.sluice.itests.Host.PREEMPT_AND_ABORT;
import static io.sluice.itests.Host.REGISTER;
import static io.sluice.itests.Host.REGISTER_AND_IGNORE;
import static io.sluice.itests.Host.RELEASE;
import static io.sluice.itests.Host.RESERVATION_CONFLICT;
import static io.sluice.itests.Host.RESERVE;
import static io.sluice.itests.Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** What clusters and hypervisors do to a disk that they share, step by step. */
public class HostWalksIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static int number;

    private String target;
    private final List<Host> hosts = new ArrayList<>();

    @Before
    public void makeADisk() throws IOException {
        String name = "walk" + number++;
        target = "iqn.2026-11.io.sluice:" + name;
        SLUICE.console("backstore:create file " + name + " --path " + name + ".img --size 64M; target:create " + target
                + " --backstore " + name);
    }

    private Host host(int isid) throws IOException {
        Host host = Host.logIn(SLUICE, target, isid);
        hosts.add(host);
        return host;
    }

    @After
    public void logOut() throws IOException {
        for (Host host : hosts) {
            host.close();
        }
    }

    /** The storage validation of Windows Server Failover Clustering, and a failover. */
    @Test
    public void windowsFailoverCluster() throws IOException {
        Host first = host(1);
        Host second = host(2);
        assertEquals(
                GOOD, first.reserveOut(REGISTER_AND_IGNORE, 0, 0, 0xA1, false).status());
        assertEquals(
                GOOD, second.reserveOut(REGISTER_AND_IGNORE, 0, 0, 0xB2, false).status());
        assertEquals(GOOD, first.reserveOut(RESERVE, 5, 0xA1, 0, false).status());
        assertEquals("a1 type 5", second.reservation());
        assertArrayEquals(new long[] {0xA1, 0xB2}, second.keys());
        assertEquals(
                RESERVATION_CONFLICT,
                second.reserveOut(RESERVE, 5, 0xB2, 0, false).status());
        assertEquals("registrants write", GOOD, second.write(0, 1));
        Host stranger = host(3);
        assertEquals(RESERVATION_CONFLICT, stranger.write(0, 2));
        assertEquals("others read", GOOD, stranger.read(0));
        assertEquals(
                "the owner fails",
                GOOD,
                second.reserveOut(PREEMPT, 5, 0xB2, 0xA1, false).status());
        assertEquals("b2 type 5", second.reservation());
        first.expectUnitAttention(0x2A05);
        assertEquals(RESERVATION_CONFLICT, first.write(0, 3));
        assertEquals(
                RESERVATION_CONFLICT,
                first.reserveOut(RESERVE, 5, 0xA1, 0, false).status());
        assertEquals(GOOD, second.reserveOut(CLEAR, 0, 0xB2, 0, false).status());
        assertEquals("", first.reservation());
        assertEquals(GOOD, first.write(0, 3));
    }

    /** Registrations survive a reset, a logout and a reconnect. */
    @Test
    public void registrationsSurviveResetAndReconnect() throws IOException {
        Host owner = host(1);
        assertEquals(GOOD, owner.reserveOut(REGISTER, 0, 0, 0xA1, false).status());
        assertEquals(GOOD, owner.reserveOut(RESERVE, 3, 0xA1, 0, false).status());
        Host other = host(2);
        assertEquals("LOGICAL UNIT RESET", 0, other.initiator().taskManagement(5, 0, -1, 0));
        other.clearUnitAttention();
        owner.initiator().logout();
        owner.close();
        assertEquals(RESERVATION_CONFLICT, other.read(0));
        Host again = host(1);
        assertEquals(GOOD, again.write(0, 1));
        assertEquals(GOOD, again.reserveOut(RELEASE, 3, 0xA1, 0, false).status());
    }

    /** What fence_scsi and fence_mpath do: one key per node, and the survivor preempts and aborts. */
    @Test
    public void fenceScsi() throws IOException {
        Host nodeA = host(1);
        Host nodeB = host(2);
        assertEquals(
                GOOD, nodeA.reserveOut(REGISTER_AND_IGNORE, 0, 0, 0x10, true).status());
        assertEquals(
                GOOD,
                nodeA.reserveOut(RESERVE, WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0x10, 0, false)
                        .status());
        assertEquals(
                GOOD, nodeB.reserveOut(REGISTER_AND_IGNORE, 0, 0, 0x20, true).status());
        assertEquals(GOOD, nodeB.write(5, 1));
        RawPdu stuck = nodeA.initiator()
                .command(0, HexFormat.ofDelimiter(" ").parseHex("2a 00 00 00 00 07 00 00 80 00"), 65_536, 0);
        nodeA.initiator().send(stuck);
        nodeA.initiator().expect(0x31);
        assertEquals(
                GOOD,
                nodeB.reserveOut(PREEMPT_AND_ABORT, WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0x20, 0x10, false)
                        .status());
        assertArrayEquals(new long[] {0x20}, nodeB.keys());
        assertEquals("20 type 5", nodeB.reservation());
        assertEquals("nothing of the fenced node's write", GOOD, nodeB.read(7));
        byte[] block = nodeB.run("28 00 00 00 00 07 00 00 01 00").data();
        assertArrayEquals(new byte[512], Arrays.copyOf(block, 512));
        Host unfenced = host(3);
        assertEquals(RESERVATION_CONFLICT, unfenced.write(0, 1));
        assertEquals(
                GOOD, unfenced.reserveOut(REGISTER_AND_IGNORE, 0, 0, 0x10, true).status());
        assertEquals(GOOD, unfenced.write(0, 1));
    }

    /** APTPL: the fence is still up after the gateway was killed. */
    @Test
    public void aPersistentReservationSurvivesAKill() throws IOException {
        Host node = host(1);
        assertEquals(GOOD, node.reserveOut(REGISTER, 0, 0, 0x10, true).status());
        assertEquals(GOOD, node.reserveOut(RESERVE, 5, 0x10, 0, false).status());
        SLUICE.kill();
        SLUICE.start().expectSuccess();
        Host stranger = host(2);
        assertEquals(RESERVATION_CONFLICT, stranger.write(0, 1));
        assertEquals("10 type 5", stranger.reservation());
        Host again = host(1);
        assertEquals(GOOD, again.write(0, 1));
    }

    /** What ESXi does to a VMFS datastore: identify, ATS, clone, zero, unmap, and RESERVE(6) where it must. */
    @Test
    public void esxi() throws IOException {
        Host host = host(1);
        byte[] inquiry = host.run("12 00 00 00 ff 00").data();
        assertEquals("3PC", 0x08, inquiry[5] & 0x08);
        assertEquals("86h", (byte) 0x86, host.run("12 01 86 00 ff 00").data()[1]);
        byte[] limits = host.run("12 01 b0 00 ff 00").data();
        assertTrue("COMPARE AND WRITE", limits[5] != 0);
        ByteBuffer fields = ByteBuffer.wrap(limits);
        long granularity = fields.getInt(28) * 512L;
        assertTrue("unmap granularity divides 1 MiB", (1 << 20) % granularity == 0);
        assertTrue("LBPU", host.run("12 01 b2 00 ff 00").data()[5] < 0);
        assertTrue(
                "LBPME",
                host.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00").data()[14] < 0);
        byte[] free = new byte[512];
        byte[] mine = new byte[512];
        Arrays.fill(mine, (byte) 1);
        host.compareAndWrite(1, free, mine).expectGood();
        Host other = host(2);
        other.compareAndWrite(1, free, mine).expectSense(Host.MISCOMPARE);
        clone(host);
        zeroAndUnmap(host);
        assertEquals(GOOD, host.run("16 00 00 00 00 00").status());
        assertEquals(RESERVATION_CONFLICT, other.write(0, 1));
        assertEquals(GOOD, host.run("17 00 00 00 00 00").status());
        assertEquals(GOOD, other.write(0, 1));
    }

    private static void clone(Host host) throws IOException {
        assertEquals(GOOD, host.write(16, 0x77));
        byte[] page = host.run("12 01 83 00 ff 00").data();
        byte[] list = ByteBuffer.allocate(16 + 32 + 28)
                .put(1, (byte) 0x18)
                .putShort(2, (short) 32)
                .putInt(8, 28)
                .put(16, (byte) 0xE4)
                .put(20, page, 4, 20)
                .put(48, (byte) 2)
                .putShort(50, (short) 24)
                .putShort(58, (short) 64)
                .putLong(60, 16)
                .putLong(68, 4096)
                .array();
        host.send("83 00 00 00 00 00 00 00 00 00 00 00 00 4c 00 00", list).expectGood();
        byte[] copied = host.run("28 00 00 00 10 00 00 00 01 00").data();
        assertEquals(0x77, copied[0]);
        assertEquals(0x77, copied[511]);
    }

    private static void zeroAndUnmap(Host host) throws IOException {
        host.send("93 00 00 00 00 00 00 00 10 00 00 00 08 00 00 00", new byte[512])
                .expectGood();
        assertEquals(0, host.run("28 00 00 00 10 00 00 00 01 00").data()[0]);
        assertEquals(GOOD, host.write(16, 0x77));
        byte[] list = ByteBuffer.allocate(24)
                .putShort(0, (short) 22)
                .putShort(2, (short) 16)
                .putLong(8, 0)
                .putInt(16, 2048)
                .array();
        host.send("42 00 00 00 00 00 00 00 18 00", list).expectGood();
        assertEquals(0, host.run("28 00 00 00 00 10 00 00 01 00").data()[0]);
    }

    /** Eight sessions add one to a number in one block, 10,000 times each: the result is exactly 80,000. */
    @Test
    public void incrementsByCompareAndWrite() throws Exception {
        int sessions = 8;
        int each = 10_000;
        List<CompletableFuture<Void>> running = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            Host host = host(100 + i);
            CompletableFuture<Void> result = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    increment(host, each);
                    result.complete(null);
                } catch (IOException | RuntimeException | AssertionError failed) {
                    result.completeExceptionally(failed);
                }
            });
            running.add(result);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        for (CompletableFuture<Void> result : running) {
            result.get();
        }
        byte[] end = host(99).run("28 00 00 00 00 00 00 00 01 00").data();
        assertEquals(sessions * each, ByteBuffer.wrap(end).getInt(0));
    }

    private static void increment(Host host, int times) throws IOException {
        byte[] now = Arrays.copyOf(host.run("28 00 00 00 00 00 00 00 01 00").data(), 512);
        for (int done = 0; done < times; ) {
            byte[] next = now.clone();
            ByteBuffer.wrap(next).putInt(0, ByteBuffer.wrap(now).getInt(0) + 1);
            ScsiResult result = host.compareAndWrite(0, now, next);
            if (result.status() == GOOD) {
                done++;
                now = next;
            } else {
                result.expectSense(Host.MISCOMPARE);
                now = Arrays.copyOf(host.run("28 00 00 00 00 00 00 00 01 00").data(), 512);
            }
        }
    }
}

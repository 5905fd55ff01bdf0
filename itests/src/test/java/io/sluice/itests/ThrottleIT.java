package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** A limit is put on a disk in use, changed and taken away; it is kept, and no initiator sees an error of it. */
public class ThrottleIT {

    private static final String DISK = "limited";
    private static final String LAYER = " throttle ";
    private static final int SESSIONS = 4;

    /** How soon commands go on after a change. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    @Before
    public void makeDisk() throws Exception {
        Console.empty(SLUICE);
        SLUICE.console("backstore:create file " + DISK + " --path limited.img --size 64M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore " + DISK);
    }

    private static String layer(String action, String settings) throws Exception {
        return SLUICE.console("backstore:layer " + action + " " + DISK + LAYER + settings);
    }

    private static double rate(VerifiedLoad load, Duration time) throws Exception {
        return load.over(time).perSecond();
    }

    private static void goesOn(VerifiedLoad load, String change) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (rate(load, Duration.ofMillis(300)) == 0) {
            assertTrue("nothing goes on after " + change, System.nanoTime() < deadline);
        }
    }

    /** The load counts a write together with a read before it; nearly all have one after a while. */
    @Test
    public void theLimitIsKeptAndChangedInUse() throws Exception {
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, SESSIONS)) {
            double free = rate(load, Duration.ofSeconds(2));
            layer("add", "writeIops=200");
            rate(load, Duration.ofSeconds(1));
            assertEquals("writes a second", 200, rate(load, Duration.ofSeconds(10)), 20);
            layer("set", "writeIops=50 writeBandwidth=1G");
            rate(load, Duration.ofSeconds(1));
            assertEquals("after set", 50, rate(load, Duration.ofSeconds(10)), 5);
            layer("set", "writeIops= writeBandwidth=1M");
            rate(load, Duration.ofSeconds(1));
            assertEquals("of 4 KiB each", 256, rate(load, Duration.ofSeconds(10)), 26);
            layer("remove", "");
            assertTrue("free again", rate(load, Duration.ofSeconds(3)) > Math.min(free / 3, 500));
        }
    }

    /** One of the hosts alone would get half of it only; nearly each write has a read before it, which counts too. */
    @Test
    public void aLimitOfAnInitiatorIsThatOfAllItsHostsAndOfNobodyElse() throws Exception {
        String host = " --iqn iqn.2026-11.io.sluice:load";
        SLUICE.console("initiator:create slow" + host + "0" + host + "1");
        SLUICE.console("initiator:create quick --address 127.0.0.1");
        SLUICE.console("target:allow " + Sluice.TARGET + " slow");
        SLUICE.console("target:allow " + Sluice.TARGET + " quick");
        try (VerifiedLoad slow = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 2);
                VerifiedLoad quick = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 2, 2, Duration.ofMillis(1))) {
            rate(slow, Duration.ofSeconds(2));
            SLUICE.console("initiator:set slow --iops 200");
            rate(slow, Duration.ofSeconds(1));
            long before = quick.done();
            assertEquals("writes a second", 100, rate(slow, Duration.ofSeconds(4)), 10);
            assertTrue("the others are not limited", quick.done() - before > 4 * 150);
            String list = SLUICE.console("initiator:list");
            assertTrue(list, list.contains("200 commands/s"));
            SLUICE.console("initiator:set slow --iops ''");
            assertTrue("free again", rate(slow, Duration.ofSeconds(1)) > 150);
            quick.done();
        }
    }

    @Test
    public void itsBundleGoesAndComesBack() throws Exception {
        layer("add", "iops=100");
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, SESSIONS)) {
            goesOn(load, "add");
            SLUICE.console("bundle:restart io.sluice.layer-throttle");
            goesOn(load, "bundle:restart");
        }
    }

    @Test
    public void settingsAreChecked() throws Exception {
        String name = "backstore:layer add " + DISK + LAYER;
        expect(name, "a throttle needs a limit");
        expect(name + "iops=1", "at least 10");
        expect(name + "speed=1", "no option 'speed'");
        expect(name + "iops=100 --format", "leave out --format");
        expect("backstore:layer add " + DISK + " fog", "there is no layer 'fog'");
        expect("backstore:layer set " + DISK + LAYER + "iops=100", "has no layer throttle");
        layer("add", "iops=100");
        expect(name + "iops=100", "has a layer throttle already");
        expect("backstore:layer set " + DISK + LAYER + "iops=", "a throttle needs a limit");
        String list = SLUICE.console("backstore:layers " + DISK);
        assertTrue(list, list.contains("throttle") && list.contains("iops=100"));
        assertTrue(SLUICE.console("backstore:list").contains("online"));
    }

    private static void expect(String line, String reason) throws Exception {
        Tool.Result refused = SLUICE.script("client", line);
        assertTrue(refused.output(), refused.exit() != 0 && refused.output().contains(reason));
    }
}

package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import io.sluice.testkit.ceph.CephCluster;
import io.sluice.testkit.initiator.MultipathInitiator;
import io.sluice.testkit.initiator.MultipathInitiator.Group;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A Ceph cluster of its own and two gateways, which have one image of it as a disk. */
final class TwoGateways implements TestRule {

    static final String DISK = "shared";
    static final String FIRST_TARGET = "iqn.2026-11.io.sluice:first";
    static final String SECOND_TARGET = "iqn.2026-11.io.sluice:second";
    static final Duration SOON = Duration.ofSeconds(120);
    static final int ACTIVE = 0;
    static final int STANDBY = 2;

    private static final String FEATURE = "sluice-backstore-rbd";

    final CephCluster ceph = new CephCluster(CephCluster.Store.MEMORY);
    final Sluice first = new Sluice().light();
    final Sluice second = new Sluice().light().configured("io.sluice.manager.cfg", "firstTargetPort = 1001\n");
    private final RuleChain order = RuleChain.outerRule(ceph).around(first).around(second);
    private int images;

    @Override
    public Statement apply(Statement base, Description description) {
        return order.apply(base, description);
    }

    /** Makes a new image, and a disk of it at both; the first gateway serves it unless the second is faster. */
    void makeDisk() throws Exception {
        images++;
        for (Sluice gateway : List.of(first, second)) {
            Console.empty(gateway);
            gateway.console("feature:install " + FEATURE);
        }
        make(first, FIRST_TARGET, " --size 64M");
        make(second, SECOND_TARGET, "");
    }

    private String image() {
        return "image" + images;
    }

    private void make(Sluice gateway, String target, String size) throws Exception {
        gateway.console("backstore:create rbd " + DISK + " -o image=" + image() + " -o conf=" + ceph.conf()
                + " -o shared=yes --naa 6a8b1c2d3e4f50617283940000000001 --serial HA0001" + size);
        gateway.console("target:create " + target + " --backstore " + DISK);
        gateway.console("initiator:create hosts --iqn iqn.2026-11.io.sluice:*");
        gateway.console("target:allow " + target + " hosts --manage");
        eventually("the disk is not open", () -> state(gateway).matches("online|standby"));
    }

    List<MultipathInitiator.Path> paths() {
        return List.of(
                new MultipathInitiator.Path(first.portal(), FIRST_TARGET),
                new MultipathInitiator.Path(second.portal(), SECOND_TARGET));
    }

    static String state(Sluice gateway) {
        try {
            return gateway.console("backstore:list --json").replaceAll("(?s).*\"state\" *: *\"([^\"]*)\".*", "$1");
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Returns the target port groups that a path tells of. */
    static List<Group> told(Host host) {
        try {
            return MultipathInitiator.groups(host.initiator());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Whoever has the other gateway's ports for new is told. */
    static void knowEachOther(Host first, Host... second) throws Exception {
        List<Group> both = List.of(new Group(1, ACTIVE), new Group(1001, STANDBY));
        eventually("the first does not know the second", () -> told(first).equals(both));
        first.clearUnitAttention();
        for (Host there : second) {
            eventually("the second does not know the first", () -> told(there).equals(both));
            there.clearUnitAttention();
        }
    }

    void signalFirst(String signal) throws Exception {
        Tool.run("kill", "-" + signal, Long.toString(first.pid())).expectSuccess();
    }

    /** Returns the names of the records beside the image. */
    String records() {
        String id = ceph.rbd("info", image()).replaceAll("(?s).*\\bid: ([0-9a-f]+).*", "$1");
        return ceph.rados("listxattr", "rbd_header." + id);
    }
}

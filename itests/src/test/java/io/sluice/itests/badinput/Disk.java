package io.sluice.itests.badinput;

import io.sluice.itests.HangingFile;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** A disk that one attempt has to itself, as LUN 0 of a target of its own; it goes with the attempt. */
final class Disk implements AutoCloseable {

    private final World world;
    private final String name;
    private final Runnable beforeTheEnd;

    /**
     * Makes it.
     *
     * @param created what stands behind {@code backstore:create}
     */
    Disk(World world, String name, String created) throws IOException {
        this(world, name, created, () -> {});
    }

    private Disk(World world, String name, String created, Runnable beforeTheEnd) throws IOException {
        this.world = world;
        this.name = name;
        this.beforeTheEnd = beforeTheEnd;
        world.console("backstore:create " + created + " ; target:create " + target() + " --backstore " + name);
    }

    /** Makes storage that can be stopped. */
    static HangingFile storage(World world) throws IOException {
        return new HangingFile(Files.createTempDirectory(world.sluice().volumes(), "hanging"), 4 << 20);
    }

    /** Makes one on such storage. */
    static Disk hanging(World world, HangingFile file) throws IOException {
        return new Disk(world, "hanging", "file hanging --path " + file.path(), file::goOn);
    }

    String name() {
        return name;
    }

    String target() {
        return "iqn.2026-11.io.sluice:" + name;
    }

    /** Logs in, and takes the unit attentions. */
    TestInitiator login() throws IOException {
        return ready(world.connect().login(target(), Map.of()));
    }

    /** Takes all unit attentions. */
    static TestInitiator ready(TestInitiator initiator) throws IOException {
        while (initiator.execute(0, Cdb.testUnitReady(), null, 0).senseCode() >> 16 == 6) {
            // One unit attention after the other.
        }
        return initiator;
    }

    @Override
    public void close() throws IOException {
        beforeTheEnd.run();
        world.console("target:delete " + target() + " --force ; backstore:delete " + name);
    }
}

package io.sluice.testkit.durability;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Records what is done to a disk of any target and judges what is left of it, for a program that ends and starts that target
 * and tells this one so. Each line on standard input is answered by one on standard output:
 *
 * <ul>
 *   <li>{@code begin}: logs in and begins; answers {@code begun}
 *   <li>{@code ended}: the target has been ended; answers {@code operations N} when all sessions have seen it
 *   <li>{@code audit}: the target has been started again; answers the figures of the damage: lost, torn, resurrected, of
 *       another block, never written
 *   <li>{@code stop}: ends the sessions while the target goes on; answers {@code stopped}, and how many operations were done,
 *       how many were aborted, and how many failed otherwise
 *   <li>{@code compare}: as {@code audit}, for a target that has not been ended: all that was answered has to be there
 *   <li>{@code rest}: the sessions do nothing but read from now on; answers {@code resting} when all writes have ended
 *   <li>{@code work}: they do everything again; answers {@code working}
 *   <li>{@code visit}: some sessions log in and out again; answers {@code visited N}
 *   <li>{@code reset}: another session resets the unit; answers {@code reset}
 * </ul>
 */
public final class Recorder {

    private static final int PIECE_BLOCKS = 256;
    private static final int VISITORS = 8;

    private final Recording.Setup setup;
    private final DiskModel model;
    private final Neighbour neighbour;
    private Recording recording;
    private final Set<Operation> notOffered = EnumSet.noneOf(Operation.class);
    private int round;

    private Recorder(Recording.Setup setup, DiskModel model) {
        this.setup = setup;
        this.model = model;
        this.neighbour = new Neighbour(setup);
    }

    /** Arguments: address, port, target, LUN, block size, MiB to use, sessions, seed, and which disk its stamps say. What was on the disk is gone. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 9) {
            System.err.println("usage: Recorder ADDRESS PORT TARGET LUN BLOCK-SIZE MIB SESSIONS SEED DISK");
            System.exit(2);
        }
        int blockBytes = Integer.parseInt(arguments[4]);
        long blocks = Long.parseLong(arguments[5]) << 20;
        Recording.Setup setup = new Recording.Setup(
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])),
                arguments[2],
                Long.parseLong(arguments[3]) << 48,
                Integer.parseInt(arguments[6]),
                Long.parseLong(arguments[7]),
                Mix.everything((1 << 20) / blockBytes),
                true);
        Recorder recorder = new Recorder(
                setup, new DiskModel(Integer.parseInt(arguments[8]), blockBytes, blocks / blockBytes, true));
        int exit = 1;
        try {
            recorder.clear();
            recorder.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)));
            exit = 0;
        } catch (IOException | RuntimeException | Error wrong) {
            wrong.printStackTrace();
        } finally {
            // Sessions that are under way would keep the process, and whoever waits for its answer.
            System.exit(exit);
        }
    }

    /** The model takes it that all begins as zeros. */
    private void clear() throws IOException {
        try (TestInitiator initiator = Recording.logIn(setup, 0)) {
            byte[] zeros = new byte[PIECE_BLOCKS * model.blockBytes()];
            for (long lba = 0; lba < model.blocks(); lba += PIECE_BLOCKS) {
                initiator.write10(setup.lun(), lba, zeros, model.blockBytes());
            }
            initiator.execute(setup.lun(), Cdb.synchronizeCache10(), null, 0).expectGood();
            initiator.leave();
        }
        System.out.println("ready");
    }

    private void serve(BufferedReader commands) throws IOException, InterruptedException {
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            switch (command) {
                case "begin" -> {
                    recording = Recording.begin(setup.withSeed(setup.seed() + round++), model);
                    System.out.println("begun");
                }
                case "ended" -> {
                    recording.await();
                    tellUnexpected();
                    System.out.println("operations " + recording.done());
                }
                case "audit" -> System.out.println(figures(Rule.FENCED));
                case "stop" -> {
                    recording.stop();
                    tellUnexpected();
                    System.out.println("stopped " + recording.done() + " " + recording.aborted() + " "
                            + recording.unexpected().size());
                }
                case "compare" -> System.out.println(figures(Rule.ACKNOWLEDGED));
                case "rest" -> {
                    recording.rest();
                    System.out.println("resting");
                }
                case "work" -> {
                    recording.check();
                    recording.work();
                    System.out.println("working");
                }
                case "visit" -> {
                    recording.check();
                    neighbour.visit(VISITORS);
                    System.out.println("visited " + VISITORS);
                }
                case "reset" -> {
                    recording.check();
                    neighbour.reset();
                    System.out.println("reset");
                }
                default -> throw new IOException("unknown: " + command);
            }
        }
        if (!notOffered.isEmpty()) {
            System.err.println("not offered, and so not tried: " + notOffered);
        }
    }

    private void tellUnexpected() {
        recording.unexpected().forEach(System.err::println);
        notOffered.addAll(recording.notOffered());
    }

    private String figures(Rule rule) throws IOException {
        Damage damage = DiskAudit.run(setup, model, rule);
        if (!damage.none()) {
            System.err.println(damage);
        }
        return String.format(
                "%d %d %d %d %d",
                damage.count(Verdict.LOST),
                damage.count(Verdict.TORN),
                damage.count(Verdict.RESURRECTED),
                damage.count(Verdict.FOREIGN),
                damage.count(Verdict.NEVER_WRITTEN));
    }
}

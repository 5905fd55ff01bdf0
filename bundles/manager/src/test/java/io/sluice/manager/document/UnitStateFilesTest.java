package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore.Intent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class UnitStateFilesTest {

    private static final String NAA = "6a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final int KILLS = 50;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private UnitStateFiles files;

    @Before
    public void open() {
        path = folder.getRoot().toPath().resolve("state");
        files = new UnitStateFiles(path, NAA, Runnable::run);
    }

    private static UnitState state(long key) {
        return new UnitState(
                Map.of("08", "8812", "0a/01", "4a01"),
                true,
                List.of(
                        new UnitState.Registration("iqn.2026-11.io.sluice:a", 1, "iqn.2026-11.io.sluice:t", 1, key),
                        new UnitState.Registration("iqn.2026-11.io.sluice:b", 2, null, 0, key)),
                new UnitState.Reservation(5, 1),
                Map.of(2, "aabb"),
                new UnitState.Erasure(1, "aa", 3, true, false, true),
                0);
    }

    private static void done(CompletionStage<Void> written) {
        written.toCompletableFuture().join();
    }

    private static List<Long> ids(UnitStateFiles of) throws Exception {
        return of.loadIntents().stream().map(Intent::id).toList();
    }

    @Test
    public void aDoubtThatCouldNotBeRemovedIsRemovedWhenItIsSaidAgain() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean(true);
        UnitStateFiles fragile = new UnitStateFiles(
                new StateListing(path, new ForwardedFiles() {
                    @Override
                    public void delete(Path file) throws IOException {
                        if (refuses.get()) {
                            throw new IOException("on purpose");
                        }
                        super.delete(file);
                    }
                }),
                NAA,
                Runnable::run);
        fragile.keepDoubt("a flush has failed");
        fragile.keepDoubt(null);
        assertEquals("a flush has failed", new UnitStateFiles(path, NAA, Runnable::run).doubt());
        refuses.set(false);
        fragile.keepDoubt(null);
        assertNull(new UnitStateFiles(path, NAA, Runnable::run).doubt());
    }

    /** The process is killed when what is kept aside is there for both units. */
    @Test
    public void whatWasHandedOverIsOfOneUnitAfterACrash() throws Exception {
        String naa = "7" + NAA.substring(1);
        for (boolean decided : new boolean[] {false, true}) {
            files.saveIntent(4, 0, new ByteBuffer[] {ByteBuffer.allocate(512)});
            files.hand(naa, "other").toCompletableFuture().join();
            UnitStateFiles started = new UnitStateFiles(path, NAA, Runnable::run);
            UnitStateFiles former = new UnitStateFiles(path, naa, Runnable::run);
            assertEquals(List.of(4L), ids(started));
            assertEquals(List.of(4L), ids(former));
            started.settle(decided ? "other" : "disk");
            assertEquals(decided ? List.of() : List.of(4L), ids(started));
            assertEquals(decided ? List.of(4L) : List.of(), ids(former));
            assertFalse(Files.exists(path.resolve(NAA + ".exchange")));
            started.settle("other");
            assertEquals(decided ? List.of(4L) : List.of(), ids(former));
        }
    }

    @Test
    public void whatWasHandedOverAndCannotBeRemovedIsNotLoaded() throws Exception {
        String naa = "7" + NAA.substring(1);
        files.saveIntent(4, 0, new ByteBuffer[] {ByteBuffer.allocate(512)});
        files.hand(naa, "other").toCompletableFuture().join();
        byte[] kept = Files.readAllBytes(path.resolve(NAA + ".intent-4"));
        files.handed(true).toCompletableFuture().join();
        assertFalse(Files.exists(path.resolve(NAA + ".intent-4")));
        Files.write(path.resolve(NAA + ".intent-4"), kept);
        assertEquals(List.of(), ids(files));
        files.saveIntent(4, 0, new ByteBuffer[] {ByteBuffer.allocate(512)});
        assertEquals("a new one", List.of(4L), ids(files));
    }

    @Test
    public void aHandoverThatIsDamagedIsSaid() throws Exception {
        Files.createDirectories(path);
        Files.writeString(path.resolve(NAA + ".exchange"), "other\n../x\n4\n");
        IOException invalid = assertThrows(IOException.class, () -> files.settle("other"));
        assertTrue(invalid.getMessage(), invalid.getMessage().contains(".exchange is not valid"));
    }

    @Test
    public void nothingIsWrittenOnTheThreadThatAsks() throws Exception {
        List<Runnable> work = new ArrayList<>();
        UnitStateFiles lazy = new UnitStateFiles(path, NAA, work::add);
        CompletionStage<Void> saved = lazy.save(state(7));
        assertEquals(UnitState.NEW, files.load());
        work.get(0).run();
        done(saved);
        assertEquals(state(7), files.load());
    }

    @Test
    public void whatCouldNotBeLoadedIsNotSaved() throws Exception {
        done(files.save(state(7)));
        UnitState tooMuch = state(8).withReservations(
                        true,
                        Collections.nCopies(
                                20_000, new UnitState.Registration("iqn." + "n".repeat(219), 1, null, 0, 8)),
                        null);
        assertTrue(files.save(tooMuch).toCompletableFuture().isCompletedExceptionally());
        assertEquals(state(7), files.load());
    }

    @Test
    public void everyFieldComesBack() throws Exception {
        assertEquals(UnitState.NEW, files.load());
        done(files.save(state(7)));
        assertEquals(state(7), new UnitStateFiles(path, NAA, Runnable::run).load());
        assertEquals(
                "another unit has its own", UnitState.NEW, new UnitStateFiles(path, "6" + NAA, Runnable::run).load());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve(NAA + ".json"))));
    }

    @Test
    public void tornAtEveryByte() throws Exception {
        done(files.save(state(7)));
        Path file = path.resolve(NAA + ".json");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            IOException refused = assertThrows("torn at " + length, IOException.class, files::load);
            assertTrue(refused.getMessage(), refused.getMessage().startsWith(file + " is not valid"));
        }
    }

    /** Nothing that is read is other than what was saved, whatever bit has changed. */
    @Test
    public void anyBitThatChanges() throws Exception {
        done(files.save(state(7)));
        Path file = path.resolve(NAA + ".json");
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            try {
                assertEquals("bit " + bit, state(7), StateJson.read(damaged));
            } catch (StateJson.InvalidException noticed) {
                refused++;
            }
        }
        assertTrue(refused + " of " + whole.length * Byte.SIZE, refused > whole.length * Byte.SIZE / 2);
    }

    @Test
    public void aVersionThatIsNotKnownIsRefused() throws Exception {
        assertNotRead("its version is not 1", json -> unsealed(json).replace("\"version\" : 1", "\"version\" : 2"));
        assertNotRead("its version is not 1", json -> unsealed(json).replace("\"version\" : 1,", ""));
        assertNotRead("its version is not 1", json -> unsealed(json).replace("\"version\" : 1", "\"version\" : \"1\""));
    }

    private void assertNotRead(String reason, UnaryOperator<String> damage) throws Exception {
        done(files.save(state(7)));
        Path file = path.resolve(NAA + ".json");
        String whole = Files.readString(file);
        String damaged = damage.apply(whole);
        assertNotEquals(whole, damaged);
        Files.writeString(file, damaged);
        IOException refused = assertThrows(IOException.class, files::load);
        assertEquals(
                file + " is not valid: " + reason
                        + ": restore it, or remove it to begin without reservations and saved settings",
                refused.getMessage());
    }

    private static String unsealed(String json) {
        return json.replaceAll("\"checksum\" : \"[0-9a-f]{8}\",", "");
    }

    @Test
    public void whateverWasChangedIsNoticed() throws Exception {
        assertNotRead("its checksum is wrong", json -> json.replace("\"key\" : 7", "\"key\" : 8"));
        assertNotRead("its checksum is wrong", json -> json.replace("\"type\" : 5", "\"type\" : 4"));
        assertNotRead(
                "its checksum is wrong", json -> json.replaceAll("\"checksum\" : \"[0-9a-f]", "\"checksum\" : \"x"));
    }

    @Test
    public void aReservationThatIsNotUnderstoodIsNotDropped() throws Exception {
        assertNotRead("a reservation of the type 4 is not known", json -> unsealed(json)
                .replace("\"type\" : 5", "\"type\" : 4"));
        assertNotRead(
                "its reservation has no holder", json -> unsealed(json).replace("\"holder\" : 1", "\"holder\" : 2"));
        assertNotRead(
                "its reservation has no holder", json -> unsealed(json).replace("\"holder\" : 1", "\"holder\" : -1"));
        assertNotRead("it says nothing of reservations", json -> unsealed(json)
                .replaceAll("(?s)\"reservation\" : \\{.*?\\},", ""));
        assertNotRead("it has a reservation that was not to be kept", json -> unsealed(json)
                .replace("\"persistThroughPowerLoss\" : true", "\"persistThroughPowerLoss\" : false"));
        assertNotRead("it is not whole, or says what no state can", json -> unsealed(json)
                .replace("\"holder\" : 1", "\"holder\" : \"me\""));
    }

    @Test
    public void whatAnOperatorHasEditedIsTaken() throws Exception {
        done(files.save(state(7)));
        Path file = path.resolve(NAA + ".json");
        Files.writeString(file, unsealed(Files.readString(file)).replace("\"key\" : 7", "\"key\" : 8"));
        assertEquals(state(8), files.load());
    }

    @Test
    public void intentsAreKeptUntilTheyAreLetGo() throws Exception {
        assertEquals(List.of(), files.loadIntents());
        ByteBuffer[] data = {ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3})};
        done(files.saveIntent(4, 99, data));
        done(files.saveIntent(5, 7, new ByteBuffer[] {ByteBuffer.wrap(new byte[] {9})}));
        List<Intent> intents = new UnitStateFiles(path, NAA, Runnable::run)
                .loadIntents().stream()
                        .sorted((a, b) -> Long.compare(a.id(), b.id()))
                        .toList();
        assertEquals(2, intents.size());
        assertEquals(99, intents.get(0).lba());
        byte[] bytes = new byte[3];
        intents.get(0).data().get(bytes);
        assertArrayEquals(new byte[] {1, 2, 3}, bytes);
        done(files.clearIntent(4));
        done(files.clearIntent(5));
        done(files.clearIntent(6));
        assertEquals(List.of(), files.loadIntents());
    }

    private void assertNoIntent(String reason, byte[] damaged) throws Exception {
        Path file = path.resolve(NAA + ".intent-4");
        Files.write(file, damaged);
        IOException refused = assertThrows(IOException.class, files::loadIntents);
        assertEquals(
                file + " is not valid: " + reason
                        + ": an atomic write that was interrupted cannot be undone; restore it, or remove it to go without",
                refused.getMessage());
    }

    @Test
    public void aDamagedIntentIsNotWritten() throws Exception {
        done(files.saveIntent(4, 99, new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1, 2, 3})}));
        byte[] whole = Files.readAllBytes(path.resolve(NAA + ".intent-4"));
        int version = 2 * Long.BYTES - 1;
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            if (bit / Byte.SIZE < Long.BYTES || bit / Byte.SIZE > version) {
                assertNoIntent("it is damaged", damaged);
            }
        }
        for (int length = 0; length < whole.length; length++) {
            assertNoIntent("it is damaged", Arrays.copyOf(whole, length));
        }
        whole[version]++;
        assertNoIntent("its version is not 2 but 3", whole);
    }

    @Test
    public void anIntentIsOfTheNumberThatItsNameSays() throws Exception {
        done(files.saveIntent(5, 99, new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1, 2, 3})}));
        assertNoIntent(
                "it is damaged", Files.readAllBytes(Files.move(path.resolve(NAA + ".intent-5"), path.resolve("x"))));
    }

    @Test
    public void whatWasNotFinishedIsRemoved() throws Exception {
        done(files.save(state(7)));
        Path other = Files.writeString(path.resolve(".f" + NAA.substring(1) + ".intent-1.new"), "of another unit");
        Files.writeString(path.resolve("." + NAA + ".intent-4.new"), "half");
        Files.writeString(path.resolve("." + NAA + ".json.new"), "half");
        assertEquals(state(7), files.load());
        try (var left = Files.list(path)) {
            assertEquals(
                    List.of(other, path.resolve(NAA + ".json")), left.sorted().toList());
        }
    }

    /** A start of many units looks at what each has, not at what all have for each. */
    @Test
    public void theFolderIsListedOnceForAllUnits() throws Exception {
        Files.createDirectories(path);
        int units = 100;
        for (int i = 0; i < units; i++) {
            UnitStateFiles before = new UnitStateFiles(path, naa(i), Runnable::run);
            done(before.save(state(i)));
            done(before.saveIntent(i, 7, new ByteBuffer[] {ByteBuffer.allocate(512)}));
            Files.writeString(path.resolve("." + naa(i) + ".json.new"), "half");
        }
        AtomicInteger lists = new AtomicInteger();
        StateListing listing = new StateListing(path, new ForwardedFiles() {
            @Override
            public List<Path> list(Path folder) throws IOException {
                lists.incrementAndGet();
                return super.list(folder);
            }
        });
        for (int i = 0; i < units; i++) {
            UnitStateFiles started = new UnitStateFiles(listing, naa(i), Runnable::run);
            assertEquals(state(i), started.load());
            assertFalse(Files.exists(path.resolve("." + naa(i) + ".json.new")));
            assertEquals(List.of((long) i), ids(started));
        }
        assertEquals(1, lists.get());
    }

    private static String naa(int unit) {
        return NAA.substring(0, NAA.length() - 3) + String.format("%03d", unit);
    }

    /** Units that know of the same listing, as they do in one gateway. */
    @Test
    public void whatIsKeptAfterItWasListedIsFoundToo() throws Exception {
        String naa = "7" + NAA.substring(1);
        StateListing listing = new StateListing(path);
        UnitStateFiles served = new UnitStateFiles(listing, NAA, Runnable::run);
        done(served.save(state(7)));
        assertEquals(List.of(), ids(served));
        done(served.saveIntent(4, 0, new ByteBuffer[] {ByteBuffer.allocate(512)}));
        assertEquals(List.of(4L), ids(served));
        done(served.hand(naa, "other"));
        UnitStateFiles other = new UnitStateFiles(listing, naa, Runnable::run);
        assertEquals(List.of(4L), ids(other));
        done(served.handed(true));
        assertEquals(List.of(), ids(served));
        assertEquals(List.of(4L), ids(other));
        done(other.clearIntent(4));
        assertEquals(List.of(), ids(other));
        Files.createDirectory(path.resolve(naa + ".intent-5"));
        assertThrows(
                "what cannot be read is not gone",
                IOException.class,
                () -> ids(new UnitStateFiles(path, naa, Runnable::run)));
    }

    @Test
    public void deleteRemovesEverything() throws Exception {
        done(files.save(state(1)));
        done(files.saveIntent(4, 99, new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1})}));
        Files.writeString(path.resolve(NAA + ".json"), "damaged");
        Files.writeString(path.resolve(NAA + ".intent-5"), "damaged");
        files.delete();
        try (var left = Files.list(path)) {
            assertEquals(0, left.count());
        }
    }

    /** A process that saves one state after the other is killed at 50 moments; each time the last one saved is whole. */
    @Test
    public void wholeAtEveryKillPoint() throws Exception {
        Random random = new Random(20_261_123);
        long saved = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            path.toString(),
                            Long.toString(saved))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader acknowledged =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
                int lines = 1 + random.nextInt(20);
                for (int i = 0; i < lines; i++) {
                    saved = Long.parseLong(acknowledged.readLine());
                }
                long spin = System.nanoTime() + random.nextInt(1_000_000);
                while (System.nanoTime() < spin) {
                    Thread.onSpinWait();
                }
                // Not by the Process, which would close the stream with what is still in it.
                writer.toHandle().destroyForcibly();
                writer.waitFor();
                for (String line = acknowledged.readLine(); line != null; line = acknowledged.readLine()) {
                    saved = line.matches("[0-9]+") ? Long.parseLong(line) : saved;
                }
            }
            UnitState found = files.load();
            long key = found.registrations().get(0).key();
            assertTrue("saved " + saved + ", found " + key, key >= saved && key <= saved + 1);
            assertEquals(state(key), found);
            saved = key;
        }
    }

    /** Saves states with growing keys, and says each key when it is saved. */
    public static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            UnitStateFiles files = new UnitStateFiles(Path.of(arguments[0]), NAA, Runnable::run);
            for (long key = Long.parseLong(arguments[1]) + 1; ; key++) {
                done(files.save(state(key)));
                System.out.println(key);
            }
        }
    }
}

package io.sluice.itests.badinput;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.itests.Sluice;
import io.sluice.itests.Terminal;
import io.sluice.itests.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Paths of files, and the document that has the configuration. */
final class Documents {

    private static final int DEEP = 100_000;
    private static final int HUGE = 64 << 20;

    private Documents() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        131, "paths that lead out of the folders for disks, or to what is no file", Documents::paths),
                new BadInput(133, "a document too large, too deep, with keys twice or unknown", Documents::documents),
                new BadInput(134, "a document that is torn, or read while it is written", Documents::torn));
    }

    /** Edits the document, applies it, and fails if that is not refused in one line. */
    static void refused(World world, Consumer<ObjectNode> edit) throws IOException {
        ObjectNode document = (ObjectNode) new ObjectMapper().readTree(Files.readAllBytes(file(world)));
        edit.accept(document);
        refused(world, document.toString().getBytes(UTF_8));
    }

    private static void refused(World world, byte[] content) throws IOException {
        byte[] before = Files.readAllBytes(file(world));
        Terminal.Outcome outcome;
        try {
            Files.write(file(world), content);
            outcome = world.tryConsole("gateway:apply");
        } finally {
            Files.write(file(world), before);
        }
        if (!outcome.failed() || outcome.lines().size() != 1) {
            throw new AssertionError(excerpt(content) + ": " + outcome.text());
        }
    }

    /** Fails if there are others than before. */
    static void unchanged(World world, String listed) throws IOException {
        if (!listed(world).equals(listed)) {
            throw new AssertionError("something has changed: " + listed(world));
        }
    }

    private static String excerpt(byte[] content) {
        String text = new String(content, UTF_8);
        return text.substring(Math.max(0, text.length() - 200));
    }

    private static Path file(World world) {
        return world.sluice().etc().resolve("gateway.json");
    }

    /** Returns targets, LUNs and portals. */
    static String listed(World world) throws IOException {
        return world.console("target:list --json; lun:list; portal:list");
    }

    private static void paths(World world) throws IOException {
        Path volumes = world.sluice().volumes();
        Path outside = Files.createFile(world.sluice().folder().resolve("outside.img"));
        Path link = Files.createSymbolicLink(volumes.resolve("link.img"), outside);
        Path folder = Files.createSymbolicLink(
                volumes.resolve("folder"), world.sluice().folder());
        Path fifo = volumes.resolve("fifo.img");
        Tool.run("mkfifo", fifo.toString()).expectSuccess();
        List<String> wrong = new ArrayList<>(List.of(
                "../outside.img",
                "x/../../outside.img",
                "folder/outside.img",
                "folder/new.img",
                "link.img",
                outside.toString(),
                "/etc/passwd",
                "/proc/self/mem",
                "/dev/zero",
                "/dev/mem",
                "/dev/null",
                "fifo.img",
                ".",
                "",
                "/"));
        try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
            devices.findAny().ifPresent(device -> wrong.add("/dev/" + device.getFileName()));
        }
        try {
            for (String path : wrong) {
                String line = "backstore:create file stray --path '" + path + "' --size 1M";
                Terminal.Outcome outcome = world.tryConsole(line);
                if (!outcome.failed() || outcome.lines().size() != 1) {
                    throw new AssertionError(line + ": " + outcome.text());
                }
            }
            if (Files.size(outside) > 0 || Files.exists(outside.resolveSibling("new.img"))) {
                throw new AssertionError("something was written outside");
            }
        } finally {
            for (Path made : List.of(outside, link, folder, fifo)) {
                Files.delete(made);
            }
        }
    }

    private static void documents(World world) throws IOException {
        String good = Files.readString(file(world));
        Map<String, byte[]> wrong = new LinkedHashMap<>();
        wrong.put("nothing", new byte[0]);
        wrong.put("null", bytes("null"));
        wrong.put("a number", bytes("1"));
        wrong.put("a list", bytes("[]"));
        wrong.put("zero bytes", new byte[4096]);
        wrong.put("too large", bytes(good + " ".repeat(HUGE)));
        wrong.put("too deep", bytes("[".repeat(DEEP)));
        wrong.put("too deep in the middle", bytes(good.replaceFirst("\\{", "{\"x\":" + "{\"a\":".repeat(DEEP))));
        wrong.put("behind its end", bytes(good + "{}"));
        wrong.put("twice", bytes(good.replaceFirst("\"version\"", "\"version\": 1, \"version\"")));
        wrong.put("unknown", bytes(good.replaceFirst("\"version\"", "\"colour\": 1, \"version\"")));
        wrong.put("of a class", bytes(good.replaceFirst("\\{", "{\"@class\": \"java.lang.Runtime\",")));
        wrong.put("a class", bytes(good.replaceFirst("\\{", "{\"targets\": [\"java.util.ArrayList\", []],")));
        wrong.put(
                "a long number", bytes(good.replaceFirst("\"version\" *: *1", "\"version\": " + "1".repeat(100_000))));
        wrong.put("no number", bytes(good.replaceFirst("\"version\" *: *1", "\"version\": NaN")));
        wrong.put("a later version", bytes(good.replaceFirst("\"version\" *: *1", "\"version\": 2147483648")));
        wrong.put("another encoding", ("x" + good).getBytes(UTF_16));
        wrong.put(
                "no encoding",
                good.replace("attacked", "att\u00e4cked").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        String listed = listed(world);
        for (byte[] content : wrong.values()) {
            refused(world, content);
        }
        unchanged(world, listed);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void torn(World world) throws Exception {
        String good = Files.readString(file(world));
        for (int length : new int[] {1, good.length() / 2, good.length() - 3}) {
            refused(world, bytes(good.substring(0, length)));
        }
        neverSeenHalf(world);
        for (String name : List.of("gateway.json", "gateway.json.last-good")) {
            Path file = file(world).resolveSibling(name);
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!mode.equals("rw-------")) {
                throw new AssertionError(name + " is " + mode);
            }
            new ObjectMapper().readTree(file.toFile()).required("targets");
        }
        Sluice other = new Sluice().configured("gateway.json", good.substring(0, good.length() / 2));
        other.prepare();
        List<String> said = other.start().expectFailure().lines();
        if (said.size() != 1 || !said.get(0).contains("gateway.json is not valid")) {
            throw new AssertionError("started with a torn document: " + said);
        }
    }

    /** Reads it all the while as it is replaced. */
    private static void neverSeenHalf(World world) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                while (!over.get()) {
                    new ObjectMapper().readTree(read(file(world))).required("targets");
                }
            } catch (IOException | RuntimeException half) {
                failure.set(half);
            }
        });
        reader.start();
        try {
            String name = "iqn.2026-11.io.sluice:comes-and-goes";
            String once = "target:create " + name + "; target:delete " + name;
            world.console((once + "; ").repeat(19) + once);
        } finally {
            over.set(true);
            reader.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("the document was seen half written", failure.get());
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException gone) {
            throw new IOException("not there for a moment", gone);
        }
    }
}

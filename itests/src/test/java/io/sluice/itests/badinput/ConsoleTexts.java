package io.sluice.itests.badinput;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.itests.Terminal;
import io.sluice.itests.Tool;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names and values that mean something to a shell, a terminal or a log, and what must not be found there. */
final class ConsoleTexts {

    private static final String SECRET = "hunter2hunter2";

    private static final List<String> NAMES = List.of(
            "a\nb", "a\r\nb", "a;b", "a'b", "a\"b", "$(id)", "`id`", "a b", "a\u001b[31mb", "../a", "a|b", "a&b", "");

    private static final int STORM = 3000;
    private static final long STORM_BYTES = 64 << 10;

    private ConsoleTexts() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(132, "names with ends of lines, quotes, semicolons, $()", ConsoleTexts::names),
                new BadInput(
                        135, "secrets in logs, in a history, in listings, in dumps of the heap", ConsoleTexts::secrets),
                new BadInput(137, "thousands of refusals in a second: the log stays short", ConsoleTexts::storm));
    }

    /** In the document nothing stands between a name and who reads it; at the console there is a shell as well. */
    private static void names(World world) throws IOException {
        Path marker = world.sluice().folder().resolve("marker");
        String listed = Documents.listed(world);
        for (String name : NAMES) {
            Documents.refused(world, document -> backstore(document, name));
        }
        for (String name : List.of("a\nb", "\u001b[31m", "$(id)")) {
            Documents.refused(
                    world,
                    document -> document.withArray("targets").addObject().put("name", "iqn.2026-11.io.sluice:" + name));
            Documents.refused(world, document -> document.withArray("portals").add("127.0.0.1" + name + ":4000"));
        }
        long lines = world.log().lines().count();
        for (String name :
                List.of("'a;touch " + marker + "'", "'a\nforged | INFO'", "'$(touch " + marker + ")'", "'a\"b'")) {
            for (String line :
                    List.of("backstore:create memory %s --size 1M", "target:create %s", "portal:create %s")) {
                Terminal.Outcome outcome = world.tryConsole(String.format(line, name));
                if (!outcome.failed() || outcome.lines().size() > 1 && !name.contains("\n")) {
                    throw new AssertionError(line + " with " + name + ": " + outcome.text());
                }
            }
        }
        if (Files.exists(marker)) {
            throw new AssertionError("a name was run");
        }
        Documents.unchanged(world, listed);
        world.log()
                .lines()
                .skip(lines)
                .filter(line -> line.startsWith("forged"))
                .findAny()
                .ifPresent(line -> {
                    throw new AssertionError("a name has begun a line of the log: " + line);
                });
    }

    private static void backstore(ObjectNode document, String name) {
        document.withArray("backstores")
                .addObject()
                .put("name", name)
                .put("type", "memory")
                .put("sizeBytes", 1 << 20);
    }

    /** Options of a backstore, a password, and keys of a login; then all that the instance has written. */
    private static void secrets(World world) throws IOException {
        world.tryConsole("backstore:create memory leaky --size 1M -o key=" + SECRET);
        try (Terminal terminal = Terminal.open(world.sluice())) {
            terminal.run("backstore:create memory leaky --size 1M -o key=" + SECRET);
        }
        for (int i = 0; i < 3; i++) {
            try (TestInitiator initiator = world.connect()) {
                Map<String, String> keys = initiator.names("Normal", World.TARGET);
                keys.put("CHAP_R", SECRET);
                keys.put("CHAP_N", SECRET);
                keys.put("CHAP_I", SECRET);
                initiator.tryLogin(keys);
            }
        }
        List<Path> roots = List.of(world.sluice().folder(), Path.of(System.getProperty("user.home"), ".karaf"));
        for (Path root : roots) {
            if (Files.exists(root)) {
                Tool.Result found = Tool.run("grep", "-rl", "-a", SECRET, root.toString());
                if (found.exit() != 1) {
                    throw new AssertionError("a secret is in " + found.output());
                }
            }
        }
        String settings = world.console("config:list") + world.console("system:property");
        String key = Files.readString(world.sluice().etc().resolve("client.key"));
        if (settings.contains(SECRET)
                || settings.contains(key.lines().skip(1).findFirst().orElseThrow())) {
            throw new AssertionError("a secret is in a listing");
        }
        String flags = Tool.run(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(world.pid()),
                        "VM.flags")
                .expectSuccess()
                .output();
        if (flags.contains("+HeapDump")) {
            throw new AssertionError("dumps its heap: " + flags);
        }
    }

    private static void storm(World world) throws IOException {
        Path logs = world.sluice().folder().resolve("data/log");
        long before = size(logs);
        for (int i = 0; i < STORM; i++) {
            try (TestInitiator initiator = world.connect()) {
                initiator.tryLogin(initiator.names("Normal", "iqn.2026-11.io.sluice:nowhere" + i));
            }
        }
        try (TestInitiator initiator = world.login()) {
            for (int i = 0; i < STORM; i++) {
                initiator.send(RawPdu.of(0x1F));
                initiator.expectReject(0x05);
                initiator.send(initiator.command(0, Cdb.testUnitReady(), 0, 0).flags(0x87));
                initiator.expectReject(0x09);
            }
        }
        for (int i = 0; i < STORM; i++) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(RawPdu.of(RawPdu.NOP_OUT));
                initiator.expectClosed();
            }
        }
        long grown = size(logs) - before;
        if (grown > STORM_BYTES) {
            throw new AssertionError("the logs grew by " + grown + " bytes");
        }
        String logging = Files.readString(world.sluice().etc().resolve("org.ops4j.pax.logging.cfg"));
        for (String appender : List.of("rolling", "audit")) {
            if (!logging.contains("log4j2.appender." + appender + ".policies.size.size")) {
                throw new AssertionError("nothing bounds " + appender);
            }
        }
    }

    private static long size(Path folder) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                size += Files.size(file);
            }
        }
        return size;
    }
}

package io.sluice.itests.badinput;

import io.sluice.itests.Console;
import io.sluice.itests.Terminal;
import io.sluice.itests.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What comes in by the console: who may, from where, and what a role may do. */
final class Management {

    private static final List<String> SCOPES = List.of(
            "backstore", "gateway", "initiator", "lun", "portal", "session", "support", "target", "token", "trace");

    /** What a cipher, a MAC or a key exchange must not have in its name. */
    private static final Pattern WEAK = Pattern.compile("cbc|arcfour|3des|md5|hmac-sha1|-sha1\\b|group1-|none");

    private Management() {}

    static List<BadInput> inputs() {
        return Stream.of(console(), ConsoleTexts.inputs(), Documents.inputs())
                .flatMap(List::stream)
                .toList();
    }

    private static List<BadInput> console() {
        return List.of(
                new BadInput(128, "the console with well-known passwords, or with none", Management::passwords),
                new BadInput(129, "other ports, files by SSH, tunnels, weak ciphers", Management::otherWays),
                new BadInput(130, "commands that a role may not use", Management::roles),
                new BadInput(136, "features with ways of their own", Management::features));
    }

    private static void passwords(World world) throws IOException {
        for (String user : List.of("karaf", "admin", "root", "local", "")) {
            Console.openSsh(world.sluice(), user.isEmpty() ? "nobody" : user, Path.of("/dev/null"), "target:list")
                    .expectFailure();
            Path prompt = Files.createTempFile("password", ".sh");
            try {
                Files.writeString(prompt, "#!/bin/sh\necho " + (user.isEmpty() ? "''" : user) + "\n");
                Files.setPosixFilePermissions(prompt, PosixFilePermissions.fromString("rwx------"));
                withPassword(world, user.isEmpty() ? "karaf" : user, prompt).expectFailure();
            } finally {
                Files.delete(prompt);
            }
        }
        for (String file : List.of("users.properties", "keys.properties", "client.key", "host.key", "gateway.json")) {
            String mode = PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(world.sluice().etc().resolve(file)));
            if (!mode.equals("rw-------")) {
                throw new AssertionError(file + " is " + mode);
            }
        }
    }

    private static Tool.Result withPassword(World world, String user, Path prompt) {
        return Tool.run(
                Map.of("SSH_ASKPASS", prompt.toString(), "SSH_ASKPASS_REQUIRE", "force"),
                "ssh",
                "-q",
                "-p",
                Integer.toString(world.sluice().sshPort()),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "PubkeyAuthentication=no",
                "-o",
                "NumberOfPasswordPrompts=1",
                "-l",
                user,
                "127.0.0.1",
                "target:list");
    }

    private static void otherWays(World world) throws IOException {
        Set<String> expected = new TreeSet<>(List.of(
                "127.0.0.1:" + world.portal().getPort(),
                "127.0.0.1:" + world.sluice().sshPort()));
        Set<String> listening = new TreeSet<>();
        for (String line : Tool.run("ss", "-Hltnp").expectSuccess().lines()) {
            if (line.contains("pid=" + world.pid() + ",")) {
                listening.add(line.trim().split("\\s+")[3].replace("[::ffff:127.0.0.1]", "127.0.0.1"));
            }
        }
        if (!listening.equals(expected)) {
            throw new AssertionError("listens on " + listening);
        }
        Path key = world.sluice().etc().resolve("client.key");
        Path stolen = world.sluice().folder().resolve("stolen");
        for (String protocol : List.of("-O", "-s")) {
            ssh(world, "scp", key, "-P", protocol, "local@127.0.0.1:etc/users.properties", stolen.toString())
                    .expectFailure();
        }
        if (Files.exists(stolen) && Files.size(stolen) > 0) {
            throw new AssertionError("a file was copied by SSH");
        }
        ssh(world, "ssh", key, "-p", "-W", "127.0.0.1:" + world.portal().getPort(), "local@127.0.0.1")
                .expectFailure();
        String offered = ssh(world, "ssh", key, "-p", "-vv", "local@127.0.0.1", "gateway:status")
                .output();
        Matcher server = Pattern.compile("peer server KEXINIT proposal(.*?)first_kex_follows", Pattern.DOTALL)
                .matcher(offered);
        if (!server.find()) {
            throw new AssertionError(offered);
        }
        server.group(1)
                .lines()
                .filter(line -> line.matches(".*(KEX algorithms|ciphers|MACs).*"))
                .filter(line -> WEAK.matcher(line).find())
                .findAny()
                .ifPresent(line -> {
                    throw new AssertionError("weak: " + line);
                });
    }

    /** Runs a program of OpenSSH with the port, of which each has an option of its own. */
    private static Tool.Result ssh(World world, String program, Path key, String portOption, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                program,
                portOption,
                Integer.toString(world.sluice().sshPort()),
                "-i",
                key.toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "BatchMode=yes"));
        command.addAll(List.of(arguments));
        return Tool.run(command.toArray(String[]::new));
    }

    private static void roles(World world) throws IOException {
        Path etc = world.sluice().etc();
        Set<String> all = commands(world, "local", etc.resolve("client.key"));
        List<String> roles = List.of("viewer", "manager", "operator");
        for (String role : roles) {
            String line = "a" + role + " = " + Console.newKey(key(world, role)) + ",ssh," + role + "\n";
            Files.writeString(etc.resolve("keys.properties"), line, StandardOpenOption.APPEND);
        }
        // Some hundred commands each are typed, and one waits for its prompt most of the time.
        List<CompletableFuture<Void>> typed = roles.stream()
                .map(role -> CompletableFuture.runAsync(() -> role(world, role, all)))
                .toList();
        CompletableFuture.allOf(typed.toArray(CompletableFuture[]::new)).join();
    }

    private static Path key(World world, String role) {
        return world.sluice().folder().resolve(role + ".key");
    }

    private static void role(World world, String role, Set<String> all) {
        Path etc = world.sluice().etc();
        Set<String> seen = commands(world, "a" + role, key(world, role));
        try (Terminal terminal = Terminal.open(world.sluice(), "a" + role, key(world, role))) {
            for (String command : all) {
                boolean allowed = allowed(etc, role, command);
                if (seen.contains(command) && !allowed) {
                    throw new AssertionError(role + " sees " + command);
                }
                if (!allowed) {
                    refused(terminal, role, command);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Returns the commands that a user sees. */
    private static Set<String> commands(World world, String user, Path key) {
        Set<String> names = new TreeSet<>();
        String help = Console.openSsh(world.sluice(), user, key, "help").output();
        Matcher name =
                Pattern.compile("(?m)^(?:\\e\\[\\d*m)*([a-z]+:[a-zA-Z-]+)").matcher(help);
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    private static String scope(String command) {
        return command.substring(0, command.indexOf(':'));
    }

    /** Looks into the access list of the scope; a command of ours that is in none is a mistake whatever becomes of it. */
    private static boolean allowed(Path etc, String role, String command) throws IOException {
        Path list = etc.resolve("org.apache.karaf.command.acl." + scope(command) + ".cfg");
        String name = command.substring(command.indexOf(':') + 1);
        List<String> lines = Files.exists(list) ? Files.readAllLines(list) : List.of();
        List<String> rules = lines.stream()
                .filter(line -> line.matches(Pattern.quote(name) + "(\\[.*\\])? *=.*"))
                .toList();
        if (rules.isEmpty() && SCOPES.contains(scope(command))) {
            throw new AssertionError(command + " has no line in " + list.getFileName());
        }
        return rules.stream().anyMatch(rule -> List.of(rule.replaceFirst("[^=]*= *", "")
                        .replaceFirst(" *#.*", "")
                        .split(" *, *"))
                .contains(role));
    }

    private static void refused(Terminal terminal, String role, String command) throws IOException {
        String said = terminal.run(command).text();
        if (!said.contains("Command not found") && !said.contains("Insufficient credentials")) {
            throw new AssertionError(role + " may use " + command + ": " + said);
        }
    }

    private static void features(World world) throws IOException {
        String bundles = world.console("bundle:list -t 0 -s --no-format");
        for (String name :
                List.of("webconsole", "jdbc", "jms", "jetty", "org.apache.karaf.instance", "jolokia", "jmx")) {
            if (bundles.contains(name)) {
                throw new AssertionError(name + " is there: " + bundles);
            }
        }
        String archive = Tool.run("tar", "tzf", System.getProperty("sluice.distribution"))
                .expectSuccess()
                .output();
        for (String shipped :
                List.of("karaf.webconsole", "karaf/jdbc", "karaf/jms", "karaf/instance", "karaf.http", "jetty")) {
            if (archive.contains(shipped + "/") || archive.contains(shipped + "-")) {
                throw new AssertionError(shipped + " is shipped");
            }
        }
    }
}

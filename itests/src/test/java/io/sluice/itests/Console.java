package io.sluice.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A way to give command lines to an instance: at its prompt, by {@code ssh host "…"}, by {@code sluice client "…"}. */
public interface Console {

    /** Said by OpenSSH itself now and then, because Karaf ends the connection together with the command. */
    String END_OF_CONNECTION = "Connection to \\S+ closed by remote host\\.\\s*$";

    /** Runs a line and returns what came of it. */
    Terminal.Outcome run(String line) throws IOException;

    static Console ssh(Sluice sluice) {
        return line -> ssh(sluice, "local", sluice.etc().resolve("client.key"), line);
    }

    static Console script(Sluice sluice) {
        return line -> {
            Tool.Result result = sluice.script("client", line);
            return new Terminal.Outcome(result.exit() != 0, result.output());
        };
    }

    /** Runs a line by OpenSSH, as a user with a key. */
    static Terminal.Outcome ssh(Sluice sluice, String user, Path key, String line) {
        Tool.Result result = openSsh(sluice, user, key, line);
        return new Terminal.Outcome(result.exit() != 0, result.output().replaceFirst(END_OF_CONNECTION, ""));
    }

    /** Runs a line by OpenSSH, and returns all that came of it; the user may have any name. */
    static Tool.Result openSsh(Sluice sluice, String user, Path key, String line) {
        return openSsh(sluice.sshPort(), user, key, line);
    }

    /** As {@link #openSsh(Sluice, String, Path, String)}, at the console of any Karaf on this machine. */
    static Tool.Result openSsh(int port, String user, Path key, String line) {
        return Tool.run(
                "ssh",
                "-q",
                "-p",
                Integer.toString(port),
                "-i",
                key.toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "BatchMode=yes",
                "-l",
                user,
                "127.0.0.1",
                line);
    }

    /** Makes a key pair, and returns what keys.properties is to have of it. */
    static String newKey(Path key) throws IOException {
        Tool.run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key.toString())
                .expectSuccess();
        return Files.readString(Path.of(key + ".pub")).split(" ")[1];
    }

    /** Takes away all targets, initiators, backstores and their files. */
    static void empty(Sluice sluice) throws IOException {
        List<String> all = deletions(sluice);
        if (!all.isEmpty() && ssh(sluice).run(String.join("; ", all)).failed()) {
            for (String line : deletions(sluice)) {
                Terminal.Outcome outcome = ssh(sluice).run(line);
                // A move may have come to its end since it was looked for.
                if (outcome.failed() && !outcome.text().contains("is not being moved")) {
                    throw new AssertionError(line + ": " + outcome.text());
                }
            }
        }
        Path volumes = sluice.folder().resolve("volumes");
        if (Files.exists(volumes)) {
            try (Stream<Path> files = Files.list(volumes)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Returns the lines that take away what is there now. */
    private static List<String> deletions(Sluice sluice) throws IOException {
        List<String> lines = new ArrayList<>();
        configured(sluice, "targets").forEach(name -> lines.add("target:delete " + name + " --force"));
        configured(sluice, "groups").forEach(name -> lines.add("initiator:delete " + name));
        configured(sluice, "initiators").forEach(name -> lines.add("initiator:delete " + name));
        for (JsonNode move : Json.read(ssh(sluice).run("backstore:moves --json"))) {
            if (List.of("waiting", "copying", "verifying", "switching")
                    .contains(move.path("state").asText())) {
                lines.add("backstore:move-cancel " + move.path("name").asText());
            }
        }
        configured(sluice, "backstores").forEach(name -> lines.add("backstore:delete " + name));
        return lines;
    }

    /** Writes the files with secrets that documents and examples name. */
    static void writeSecrets(Sluice sluice) throws IOException {
        for (String name : List.of("web1", "sluice", "db2")) {
            Files.writeString(sluice.etc().resolve(name + ".secret"), "the secret of " + name + "\n");
        }
    }

    /** Returns the names of what is configured of a kind: {@code targets}, {@code backstores}, {@code initiators}. */
    static List<String> configured(Sluice sluice, String kind) throws IOException {
        Path document = sluice.etc().resolve("gateway.json");
        List<String> names = new ArrayList<>();
        if (Files.exists(document)) {
            for (JsonNode entry : new ObjectMapper().readTree(document.toFile()).path(kind)) {
                names.add(entry.path("name").asText());
            }
        }
        return names;
    }
}

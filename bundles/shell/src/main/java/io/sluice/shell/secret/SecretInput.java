package io.sluice.shell.secret;

import io.sluice.backstore.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.karaf.shell.api.console.Session;
import org.jline.reader.EndOfFileException;
import org.jline.reader.UserInterruptException;

/**
 * Where the secrets of a command come from: a file, or somebody who types them twice and sees nothing of it. A command line has
 * none, because the history keeps it and everybody on the machine of the caller can read it. Failures say what is wrong with a
 * secret, and nothing of what it is.
 */
public final class SecretInput {

    /** RFC 7143 9.2.1 asks for 96 bits. */
    private static final int SHORTEST = 12;

    private static final int LONGEST = 255;
    /** Nothing is echoed, not even a star for each letter. */
    private static final Character HIDDEN = '\0';

    private final Session session;

    /** @param session where a person is asked, if it has a terminal */
    public SecretInput(Session session) {
        this.session = session;
    }

    /**
     * Reads a secret.
     *
     * @param file a file that has it in its only line; null to ask for it
     * @param whose whom it belongs to, for the prompt
     * @param option the option that names a file, for the complaint
     * @throws IllegalArgumentException if there is none that can be used; the message is for the user
     */
    public Secret read(String file, String whose, String option) {
        return file == null ? ask(whose, option) : load(file);
    }

    private Secret ask(String whose, String option) {
        if (session.getTerminal() == null) {
            throw new IllegalArgumentException(
                    "a secret is not asked for where there is no terminal: name a file that has it" + " by " + option);
        }
        String first = line("Secret of " + whose + ": ");
        Secret secret = checked(first.getBytes(StandardCharsets.UTF_8), "the secret");
        if (!line("Again: ").equals(first)) {
            throw new IllegalArgumentException("the two are not the same: nothing has changed");
        }
        return secret;
    }

    private String line(String prompt) {
        try {
            String line = session.readLine(prompt, HIDDEN);
            return line == null ? "" : line;
        } catch (UserInterruptException | EndOfFileException | IOException left) {
            throw new IllegalArgumentException("no secret was given: nothing has changed", left);
        }
    }

    private static Secret load(String file) {
        try {
            Path path = base().resolve(file);
            // Opening a pipe would wait for whoever writes into it.
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException("there is no file " + path + " on the machine of the gateway");
            }
            return checked(load(path), "the secret in " + path);
        } catch (InvalidPathException malformed) {
            throw new IllegalArgumentException("'" + file + "' is not the path of a file", malformed);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "the gateway cannot read " + file + ": its user needs the right to", unreadable);
        }
    }

    /** Editors end a line that they write; that end is no part of a secret. */
    private static byte[] load(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            // More than a secret with the end of its line may have.
            byte[] bytes = in.readNBytes(LONGEST + 3);
            int end = bytes.length;
            end -= end > 0 && bytes[end - 1] == '\n' ? 1 : 0;
            end -= end > 0 && bytes[end - 1] == '\r' ? 1 : 0;
            return Arrays.copyOf(bytes, end);
        }
    }

    private static Secret checked(byte[] bytes, String what) {
        for (byte letter : bytes) {
            if (letter < ' ' || letter > '~') {
                throw new IllegalArgumentException(what
                        + " has a character that not every host can be told: letters, digits and signs of ASCII do");
            }
        }
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw new IllegalArgumentException(what + " is too " + (bytes.length < SHORTEST ? "short" : "long")
                    + ": it has " + SHORTEST + " to " + LONGEST + " characters");
        }
        return new Secret(bytes);
    }

    /** Returns where the path of a file with a secret begins: among what only the user of the gateway should read. */
    public static Path base() {
        return Path.of(System.getProperty("karaf.etc", "etc")).toAbsolutePath();
    }
}

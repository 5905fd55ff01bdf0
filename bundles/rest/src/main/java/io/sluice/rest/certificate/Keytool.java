package io.sluice.rest.certificate;

import io.sluice.rest.shape.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The JDK's own program for certificates: its classes are for nobody else. */
final class Keytool {

    private static final int MOST_SECONDS = 60;
    private static final int PASSWORD_BYTES = 16;
    private static final int MOST_OUTPUT_BYTES = 4096;
    private static final String ALIAS = "rest";
    private static final String STORE = "store.p12";
    private static final String OUTPUT = "output";
    private static final String PASSWORD = "STORE_PASSWORD";

    private Keytool() {}

    /** A key and what is said of it. */
    record Pair(X509Certificate certificate, PrivateKey key) {}

    /**
     * Makes a key for ECDSA and a certificate that it has signed itself.
     *
     * @param folder is made, and is gone afterwards
     * @param names what the certificate is for, as keytool has it: {@code dns:NAME} and {@code ip:ADDRESS}
     * @throws IOException if it cannot be made in time; the message is one line for the operator
     */
    static Pair make(Path folder, List<String> names, int days) throws IOException {
        remove(folder);
        Files.createDirectories(folder.getParent());
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            byte[] bits = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bits);
            String password = HexFormat.of().formatHex(bits);
            run(folder, password, names, days);
            return read(folder.resolve(STORE), password.toCharArray());
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        for (String name : List.of(STORE, OUTPUT)) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }

    private static void run(Path folder, String password, List<String> names, int days) throws IOException {
        Path output = folder.resolve(OUTPUT);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-Duser.language=en",
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-sigalg",
                        "SHA256withECDSA",
                        "-validity",
                        Integer.toString(days),
                        "-dname",
                        "CN=Sluice",
                        "-ext",
                        "SAN=" + String.join(",", names),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        folder.resolve(STORE).toString(),
                        "-storepass:env",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // What the gateway was started with, such as options for its Java, is not for this one.
        builder.environment().clear();
        builder.environment().putAll(Map.of(PASSWORD, password));
        Process process = builder.start();
        try {
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("keytool did not end in " + MOST_SECONDS + " seconds");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("nobody waits for keytool any more", stopped);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool failed: " + first(output));
        }
    }

    private static String first(Path output) throws IOException {
        try (InputStream in = Files.newInputStream(output)) {
            return RefusedException.oneLine(
                    new String(in.readNBytes(MOST_OUTPUT_BYTES), StandardCharsets.UTF_8).strip());
        }
    }

    private static Pair read(Path store, char[] password) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            return new Pair((X509Certificate) keys.getCertificate(ALIAS), (PrivateKey) keys.getKey(ALIAS, password));
        } catch (GeneralSecurityException wrong) {
            throw new IOException("what keytool has made cannot be read: " + wrong.getMessage(), wrong);
        }
    }
}

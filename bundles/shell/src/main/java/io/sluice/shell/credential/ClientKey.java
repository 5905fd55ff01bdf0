package io.sluice.shell.credential;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The first credential: a key pair that is made at the first start and lets whoever may read {@code etc/client.key} (0600)
 * into the console of this machine. There is no password.
 */
public final class ClientKey {

    /** The user that the key belongs to. */
    public static final String USER = "local";

    private static final String CURVE = "nistp256";
    private static final int COORDINATE_BYTES = 32;

    /** The parts of a P-256 key in DER that are the same for every key: all lengths are fixed. */
    private static final String PKCS8_BEFORE_PRIVATE =
            "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";

    private static final String PKCS8_BEFORE_PUBLIC = "a144034200";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private ClientKey() {}

    /**
     * Makes the key pair, unless there is one.
     *
     * @param etc folder that gets {@code client.key} and a line in {@code keys.properties}
     * @return whether it was made now
     * @throws IOException if it cannot be written
     */
    public static boolean makeIfMissing(Path etc) throws IOException {
        Path privateKey = etc.resolve("client.key");
        if (Files.exists(privateKey)) {
            return false;
        }
        KeyPair pair = generate();
        // The public half first: a private key that nobody accepts would never be replaced.
        allow(etc.resolve("keys.properties"), (ECPublicKey) pair.getPublic());
        replace(privateKey, pem(pkcs8(pair)));
        return true;
    }

    /** After a power loss there is the old file or the new one: an empty key would never be made again. */
    private static void replace(Path file, String text) throws IOException {
        Path temporary = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".new", OWNER_ONLY);
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            Files.deleteIfExists(temporary);
            throw failed;
        }
        HostKey.force(file.getParent());
    }

    /** Makes a pair that Karaf recognises. */
    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair;
            do {
                pair = generator.generateKeyPair();
            } while (!isRecognised((ECPublicKey) pair.getPublic()));
            return pair;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has this curve", impossible);
        }
    }

    /**
     * Whether Karaf takes this key for the one in its file. It reads a coordinate as a signed number, and one that begins with
     * FFh and another high bit comes out a byte too short: one of 256 keys would never be let in.
     */
    private static boolean isRecognised(ECPublicKey key) {
        return isPositive(key.getW().getAffineX()) && isPositive(key.getW().getAffineY());
    }

    private static boolean isPositive(BigInteger coordinate) {
        return coordinate.bitLength() < COORDINATE_BYTES * Byte.SIZE;
    }

    private static void allow(Path keys, ECPublicKey key) throws IOException {
        List<String> lines = Files.exists(keys) ? Files.readAllLines(keys) : List.of();
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (!line.startsWith(USER + " ") && !line.startsWith(USER + "=")) {
                text.append(line).append('\n');
            }
        }
        text.append(USER).append(" = ").append(encode(key)).append(",_g_:admingroup\n");
        replace(keys, text.toString());
    }

    /** The public key as SSH has it (RFC 5656 3.1), in Base64. */
    static String encode(ECPublicKey key) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        string(out, ("ecdsa-sha2-" + CURVE).getBytes(StandardCharsets.US_ASCII));
        string(out, CURVE.getBytes(StandardCharsets.US_ASCII));
        string(out, point(key));
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** The uncompressed point (SEC 1 2.3.3). */
    private static byte[] point(ECPublicKey key) {
        ByteArrayOutputStream point = new ByteArrayOutputStream();
        point.write(4);
        point.writeBytes(coordinate(key.getW().getAffineX()));
        point.writeBytes(coordinate(key.getW().getAffineY()));
        return point.toByteArray();
    }

    /** The private key with the public one in it, without which SSH clients do not take it (RFC 5208, RFC 5915). */
    private static byte[] pkcs8(KeyPair pair) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex(PKCS8_BEFORE_PRIVATE));
        out.writeBytes(coordinate(((ECPrivateKey) pair.getPrivate()).getS()));
        out.writeBytes(HexFormat.of().parseHex(PKCS8_BEFORE_PUBLIC));
        out.writeBytes(point((ECPublicKey) pair.getPublic()));
        return out.toByteArray();
    }

    private static void string(DataOutputStream out, byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int used = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - used, fixed, COORDINATE_BYTES - used, used);
        return fixed;
    }

    private static String pem(byte[] pkcs8) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8);
        return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    }
}

package io.sluice.shell.credential;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.karaf.jaas.modules.publickey.PublickeyLoginModule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ClientKeyTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void madeOnceAndForItsOwnerOnly() throws Exception {
        Path etc = folder.getRoot().toPath();
        Files.writeString(etc.resolve("keys.properties"), "_g_\\:admingroup = group,admin\nother = AAAA,viewer\n");
        assertTrue(ClientKey.makeIfMissing(etc));
        byte[] first = Files.readAllBytes(etc.resolve("client.key"));
        assertFalse(ClientKey.makeIfMissing(etc));
        assertArrayEquals(first, Files.readAllBytes(etc.resolve("client.key")));
        for (String file : List.of("client.key", "keys.properties")) {
            assertEquals(
                    file, "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve(file))));
        }
        List<String> keys = Files.readAllLines(etc.resolve("keys.properties"));
        assertEquals("_g_\\:admingroup = group,admin", keys.get(0));
        assertEquals("other = AAAA,viewer", keys.get(1));
        assertTrue(keys.get(2).startsWith("local = AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB"));
        assertTrue(keys.get(2).endsWith(",_g_:admingroup"));
        assertEquals(3, keys.size());
        assertEquals("nothing else is left", 2, etc.toFile().list().length);
    }

    @Test
    public void aNewKeyReplacesTheLineOfTheOldOne() throws Exception {
        Path etc = folder.getRoot().toPath();
        ClientKey.makeIfMissing(etc);
        Files.delete(etc.resolve("client.key"));
        assertTrue(ClientKey.makeIfMissing(etc));
        assertEquals(1, Files.readAllLines(etc.resolve("keys.properties")).size());
    }

    /** Of keys that are taken as they come, Karaf refuses one of 256. */
    @Test
    public void karafRecognisesEveryKey() throws Exception {
        for (int made = 0; made < 2_000; made++) {
            ECPublicKey key = (ECPublicKey) ClientKey.generate().getPublic();
            assertTrue(key.toString(), PublickeyLoginModule.equals(key, ClientKey.encode(key)));
        }
    }

    @Test
    public void bothHalvesBelongTogether() throws Exception {
        Path etc = folder.getRoot().toPath();
        ClientKey.makeIfMissing(etc);
        String pem = Files.readString(etc.resolve("client.key"))
                .replaceAll("-----[A-Z ]+-----", "")
                .replaceAll("\\s", "");
        KeyFactory factory = KeyFactory.getInstance("EC");
        ECPrivateKey privateKey = (ECPrivateKey) factory.generatePrivate(
                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        String line = Files.readAllLines(etc.resolve("keys.properties")).get(0);
        byte[] blob = Base64.getDecoder().decode(line.substring("local = ".length(), line.indexOf(',')));
        byte[] point = Arrays.copyOfRange(blob, blob.length - 64, blob.length);
        ECPublicKey publicKey = (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(
                new ECPoint(
                        new java.math.BigInteger(1, Arrays.copyOf(point, 32)),
                        new java.math.BigInteger(1, Arrays.copyOfRange(point, 32, 64))),
                privateKey.getParams()));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        signature.update(point);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(point);
        assertTrue(signature.verify(signed));
    }
}

package io.sluice.shell.credential;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The host key of the console, as ssh wants it. */
public class KnownHostsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theKeyIsWrittenUnderANameOfItsOwn() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Path file = folder.getRoot().toPath().resolve("known_hosts");
        KnownHosts.write(file, KeyPairProvider.wrap(pair));
        assertEquals(
                "sluice ecdsa-sha2-nistp256 " + ClientKey.encode((ECPublicKey) pair.getPublic()) + "\n",
                Files.readString(file));
    }

    @Test
    public void aKeyThatCannotBeMadeIsSaid() {
        Path file = folder.getRoot().toPath().resolve("known_hosts");
        KeyPairProvider failing = session -> {
            throw new IllegalStateException("no space left on device");
        };
        IOException failed = assertThrows(IOException.class, () -> KnownHosts.write(file, failing));
        assertTrue(failed.getMessage(), failed.getMessage().endsWith("no space left on device"));
        assertFalse(Files.exists(file));
    }
}

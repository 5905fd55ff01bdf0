package io.sluice.shell.credential;

import io.sluice.shell.status.StatusFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;

/**
 * What {@code ssh} needs to know that it has reached this gateway and nobody else: the public keys of the console's host, in the
 * form of {@code known_hosts}, under the name {@value #ALIAS} whatever address and port it has.
 */
public final class KnownHosts {

    /** The name of the host. */
    public static final String ALIAS = "sluice";

    private KnownHosts() {}

    /**
     * Writes the keys of a server, which makes them if they are missing: that takes some tenths of a second.
     *
     * @param file replaced as a whole
     * @throws IOException if the keys cannot be made, read or written
     */
    public static void write(Path file, KeyPairProvider keys) throws IOException {
        StringBuilder text = new StringBuilder();
        // The library looks for parts of itself where the thread says.
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(SshServer.class.getClassLoader());
        try {
            for (KeyPair pair : keys.loadKeys(null)) {
                text.append(ALIAS)
                        .append(' ')
                        .append(PublicKeyEntry.toString(pair.getPublic()))
                        .append('\n');
            }
        } catch (GeneralSecurityException | RuntimeException failed) {
            throw new IOException("the host key of the console cannot be made or read: " + failed.getMessage(), failed);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        new StatusFile(file).write(text.toString());
    }
}

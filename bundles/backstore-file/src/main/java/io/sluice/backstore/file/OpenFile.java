package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * An open and locked file or block device. Closing it may wait.
 *
 * @param path where it is, for messages
 * @param channel open for reading, and for writing if it is writable
 * @param nativeFile the same file for what Java cannot do, or null
 * @param traits what it can do
 * @param doesNotPunch told when it turns out that no holes can be punched, for those who open it later
 * @param release lets others open it
 */
record OpenFile(
        Path path,
        FileChannel channel,
        NativeFile nativeFile,
        FileTraits traits,
        Runnable doesNotPunch,
        Runnable release)
        implements AutoCloseable {

    /** Others may open it only when both descriptors are closed, because each close drops this process's locks. */
    @Override
    public void close() throws IOException {
        try {
            if (nativeFile != null) {
                nativeFile.close();
            }
        } finally {
            try {
                channel.close();
            } finally {
                release.run();
            }
        }
    }
}

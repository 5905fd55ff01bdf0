package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.ConfigurationManagement;
import io.sluice.shell.secret.SecretInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A document in a file on the machine of the gateway; a relative path begins in {@code etc/}, where its own document is. */
final class DocumentFile {

    private DocumentFile() {}

    private static Path path(String file) throws ConfigException {
        try {
            return SecretInput.base().resolve(file);
        } catch (InvalidPathException malformed) {
            throw new ConfigException("'" + file + "' is not the path of a file", malformed);
        }
    }

    /** Reads a document. */
    static String read(String file) throws ConfigException {
        Path path = path(file);
        // Opening a pipe would wait for whoever writes into it, and a device may have no end.
        if (!Files.isRegularFile(path)) {
            throw new ConfigException("there is no file " + path + " on the machine of the gateway");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(ConfigurationManagement.MAX_BYTES + 1);
            if (bytes.length > ConfigurationManagement.MAX_BYTES) {
                throw new ConfigException(path + " is larger than " + ConfigurationManagement.MAX_BYTES + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw new ConfigException(path + " is not a text in UTF-8: save it as one", other);
        } catch (IOException unreadable) {
            throw new ConfigException("the gateway cannot read " + path + ": its user needs the right to", unreadable);
        }
    }

    /** Writes a document into a file that is new, and for its owner alone. */
    static Path write(String file, String document) throws ConfigException {
        Path path = path(file);
        try (SeekableByteChannel out = Files.newByteChannel(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            return path;
        } catch (FileAlreadyExistsException there) {
            throw new ConfigException("there is a file " + path + " already: name another, or remove it", there);
        } catch (IOException failed) {
            throw new ConfigException("the gateway cannot write " + path + ": " + failed.getMessage(), failed);
        }
    }
}

package com.example.vhd;

import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder for disks, and no other: whoever may make a disk must not read and write every file that the gateway can. Every
 * method but the first may wait.
 */
final class VhdFolder {

    private final Path folder;

    /** @param folder made when the first disk is */
    VhdFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Returns the folder that the gateway is started with. */
    static VhdFolder ofGateway() {
        return new VhdFolder(Path.of(System.getProperty("sluice.volumes", "")));
    }

    /** Returns the real path that the user means, which need not be there. */
    Path locate(String text) throws ConfigException {
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            Path path = real.resolve(text).normalize();
            // A name in the folder may be a link that leads out of it.
            Path followed = Files.exists(path) ? path.toRealPath() : path;
            if (!real.equals(followed.getParent())) {
                throw new ConfigException("'" + text + "' is not in " + folder + ": give the name of a file there");
            }
            return followed;
        } catch (InvalidPathException invalid) {
            throw new ConfigException("'" + text + "' is not the name of a file: " + invalid.getReason(), invalid);
        } catch (IOException failed) {
            throw new ConfigException(folder + " cannot be used: " + reason(failed), failed);
        }
    }

    /** Makes a file with a disk that reads as zeros, and puts it and its name on stable storage; leaves nothing if it fails. */
    static void create(Path path, long sizeBytes, boolean dynamic) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (dynamic) {
                DynamicVhd.create(file, sizeBytes);
            } else {
                FixedVhd.create(file, sizeBytes);
            }
            file.force(true);
            syncFolder(path);
        } catch (FileAlreadyExistsException meanwhile) {
            throw meanwhile;
        } catch (IOException failed) {
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    private static void syncFolder(Path path) throws IOException {
        try (FileChannel names = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    static void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
        syncFolder(path);
    }

    /** Returns what goes behind a path: why something cannot be had of it, in words for a user. */
    static String reason(IOException failure) {
        if (failure instanceof VhdException) {
            return failure.getMessage();
        }
        if (failure instanceof NoSuchFileException) {
            return "is not there";
        }
        boolean denied = failure instanceof AccessDeniedException;
        return denied ? "may not be used by this process: change its owner or permissions" : failure.toString();
    }
}

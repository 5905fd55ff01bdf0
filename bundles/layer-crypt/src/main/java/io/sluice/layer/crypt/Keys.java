package io.sluice.layer.crypt;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The keys of one disk, in memory and in its header, which have the same data key, also while that of the operator is being
 * changed. Waits for the disk; what it throws has no part of a key. Thread-safe.
 */
final class Keys {

    private final HeaderFile file;
    private final Encryption encryption;
    private Wrapped present;

    /** Under the key that is to take the place of the present one, until it is known which of both counts; else null. */
    private Wrapped next;

    /** The data key, as the header has it, under a key of the operator. */
    private record Wrapped(byte[] operatorKey, KeyHeader.Slot slot) {

        static Wrapped of(byte[] operatorKey, byte[] dataKey) {
            return new Wrapped(operatorKey, KeyHeader.Slot.wrap(operatorKey, dataKey));
        }

        void wipe() {
            Arrays.fill(operatorKey, (byte) 0);
        }
    }

    private Keys(HeaderFile file, Wrapped present, byte[] dataKey) {
        this.file = file;
        this.present = present;
        this.encryption = new Encryption(dataKey);
    }

    /** Makes a header with a new data key. */
    static Keys make(HeaderFile file, byte[] operatorKey) throws BackstoreException {
        byte[] dataKey = KeyHeader.random(Xts.KEY_BYTES);
        Wrapped present = Wrapped.of(operatorKey, dataKey);
        write(file, () -> {}, present);
        return new Keys(file, present, dataKey);
    }

    /** Reads the header; fails if the key of the operator is another one. */
    static Keys read(HeaderFile file, byte[] operatorKey) throws BackstoreException {
        KeyHeader header = header(file);
        KeyHeader.Opened opened = open(file, header, operatorKey);
        Wrapped present = new Wrapped(operatorKey, opened.slot());
        if (header.slots().size() > 1) {
            write(file, () -> {}, present);
        }
        return new Keys(file, present, opened.dataKey());
    }

    private static KeyHeader header(HeaderFile file) throws BackstoreException {
        try {
            return file.read();
        } catch (IOException failed) {
            throw refused("header " + file.path() + " of an encrypted disk cannot be read: " + failed.getMessage()
                    + ": put it back from a backup");
        }
    }

    private static KeyHeader.Opened open(HeaderFile file, KeyHeader header, byte[] operatorKey)
            throws BackstoreException {
        KeyHeader.Opened opened = header.open(operatorKey);
        if (opened == null) {
            throw refused("the key is not the one of the encrypted disk whose header is " + file.path()
                    + ": give the one that it was made with");
        }
        return opened;
    }

    /** Fails if the key of the operator opens another data key than the one in use, or none. */
    synchronized void requireOpenedBy(byte[] operatorKey) throws BackstoreException {
        byte[] dataKey = open(file, header(file), operatorKey).dataKey();
        if (!Arrays.equals(dataKey, encryption.key())) {
            throw refused("header " + file.path() + " is not the one that the disk is open with: put that back");
        }
    }

    Encryption encryption() {
        return encryption;
    }

    /** Lets another key of the operator open the disk too, until {@link #keep} or {@link #undo} says which of both counts. */
    synchronized void add(byte[] another) throws BackstoreException {
        Wrapped added = Wrapped.of(another, encryption.key());
        write(file, () -> {}, present, added);
        next = added;
    }

    /**
     * The other key of the operator counts from now on, also where the header cannot be written: it is the one that the
     * configuration has, and the one that a later header has to open with.
     */
    synchronized void keep() throws BackstoreException {
        present.wipe();
        present = next;
        next = null;
        write(file, () -> {}, present);
    }

    /** Only the key from before opens the disk. */
    synchronized void undo() throws BackstoreException {
        next.wipe();
        next = null;
        write(file, () -> {}, present);
    }

    /** Throws the data key away and goes on with a new one; where it fails late, the old one may be found on the disk. */
    synchronized void erase() throws BackstoreException {
        byte[] dataKey = KeyHeader.random(Xts.KEY_BYTES);
        Wrapped presentAnew = Wrapped.of(present.operatorKey, dataKey);
        Wrapped nextAnew = next == null ? null : Wrapped.of(next.operatorKey, dataKey);
        Runnable replaced = () -> {
            present = presentAnew;
            next = nextAnew;
            encryption.turnTo(dataKey);
        };
        if (nextAnew == null) {
            write(file, replaced, presentAnew);
        } else {
            write(file, replaced, presentAnew, nextAnew);
        }
    }

    synchronized void wipe() {
        encryption.wipe();
        present.wipe();
        if (next != null) {
            next.wipe();
        }
    }

    /** @param replaced has what is in memory follow what is in the file, also where the rest fails */
    private static void write(HeaderFile file, Runnable replaced, Wrapped... wrapped) throws BackstoreException {
        try {
            file.write(new KeyHeader(Stream.of(wrapped).map(Wrapped::slot).toList()), replaced);
        } catch (IOException failed) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED,
                    "header " + file.path() + " of an encrypted disk cannot be written: " + failed.getMessage(),
                    failed);
        }
    }

    static BackstoreException refused(String line) {
        return new BackstoreException(Fault.NOT_READY, line);
    }
}

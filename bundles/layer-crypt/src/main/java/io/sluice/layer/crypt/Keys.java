package io.sluice.layer.crypt;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The keys of one disk, in memory and in its header. Waits for the disk; what it throws has no part of a key. Thread-safe. */
final class Keys {

    private final HeaderFile file;
    private byte[] operatorKey;
    private KeyHeader.Slot slot;
    private final Encryption encryption;

    private Keys(HeaderFile file, byte[] operatorKey, KeyHeader.Slot slot, byte[] dataKey) {
        this.file = file;
        this.operatorKey = operatorKey;
        this.slot = slot;
        this.encryption = new Encryption(dataKey);
    }

    /** Makes a header with a new data key. */
    static Keys make(HeaderFile file, byte[] operatorKey) throws BackstoreException {
        byte[] dataKey = KeyHeader.random(Xts.KEY_BYTES);
        KeyHeader.Slot slot = KeyHeader.Slot.wrap(operatorKey, dataKey);
        write(file, () -> {}, slot);
        return new Keys(file, operatorKey, slot, dataKey);
    }

    /** Reads the header; fails if the key of the operator is another one. */
    static Keys read(HeaderFile file, byte[] operatorKey) throws BackstoreException {
        KeyHeader header;
        try {
            header = file.read();
        } catch (IOException failed) {
            throw refused("header " + file.path() + " of an encrypted disk cannot be read: " + failed.getMessage()
                    + ": put it back from a backup");
        }
        KeyHeader.Opened opened = header.open(operatorKey);
        if (opened == null) {
            throw refused("the key is not the one of the encrypted disk whose header is " + file.path()
                    + ": give the one that it was made with");
        }
        if (header.slots().size() > 1) {
            write(file, () -> {}, opened.slot());
        }
        return new Keys(file, operatorKey, opened.slot(), opened.dataKey());
    }

    Encryption encryption() {
        return encryption;
    }

    /**
     * Lets another key of the operator open the disk too, until it is known which of both counts.
     *
     * @return the slot of the other key, for {@link #keep}
     */
    synchronized KeyHeader.Slot add(byte[] another) throws BackstoreException {
        KeyHeader.Slot added = KeyHeader.Slot.wrap(another, encryption.key());
        write(file, () -> {}, slot, added);
        return added;
    }

    /** Only the other key of the operator opens the disk from now on. */
    synchronized void keep(KeyHeader.Slot added, byte[] another) throws BackstoreException {
        write(
                file,
                () -> {
                    Arrays.fill(operatorKey, (byte) 0);
                    operatorKey = another;
                    slot = added;
                },
                added);
    }

    /** Only the key from before opens the disk. */
    synchronized void undo() throws BackstoreException {
        write(file, () -> {}, slot);
    }

    /** Throws the data key away and goes on with a new one; where it fails late, the old one may be found on the disk. */
    synchronized void erase() throws BackstoreException {
        byte[] dataKey = KeyHeader.random(Xts.KEY_BYTES);
        KeyHeader.Slot next = KeyHeader.Slot.wrap(operatorKey, dataKey);
        write(
                file,
                () -> {
                    slot = next;
                    encryption.turnTo(dataKey);
                },
                next);
    }

    synchronized void wipe() {
        encryption.wipe();
        Arrays.fill(operatorKey, (byte) 0);
    }

    /** @param replaced has what is in memory follow what is in the file, also where the rest fails */
    private static void write(HeaderFile file, Runnable replaced, KeyHeader.Slot... slots) throws BackstoreException {
        try {
            file.write(new KeyHeader(List.of(slots)), replaced);
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

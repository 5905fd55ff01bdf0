package io.sluice.backstore.file;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers backstores of the type {@code file}: a regular file, made if it is not there, or a block device. */
@Component(configurationPid = FileBackstoreProvider.PID)
public final class FileBackstoreProvider implements BackstoreProvider {

    private static final Logger LOG = LoggerFactory.getLogger(FileBackstoreProvider.class);

    static final String PID = "io.sluice.backstore.file";

    private static final int DEFAULT_AHEAD_MIB = 8;
    private static final int MOST_AHEAD_MIB = 256;
    private static final int DEFAULT_BEHIND_MIB = 8;
    private static final int MOST_BEHIND_MIB = 256;
    private static final int MOST_COPY_MIB = 1 << 20;
    private static final int MIB_SHIFT = 20;

    private final NewFile newFiles = new NewFile(new Folders());
    private final FilesInUse files = new FilesInUse();
    private final CreatedFrom copies = new CreatedFrom(files, () -> this.copyBytesPerSecond);
    private volatile boolean stopped;
    private volatile StorageRules rules;
    private volatile SequenceSettings sequences;
    private volatile long copyBytesPerSecond;

    /** Files in the volumes folder, and no devices. */
    public FileBackstoreProvider() {
        rules = new StorageRules("", "");
        sequences = new SequenceSettings(DEFAULT_AHEAD_MIB << MIB_SHIFT, DEFAULT_BEHIND_MIB << MIB_SHIFT);
    }

    /** For OSGi; the settings are those of {@code etc/io.sluice.backstore.file.cfg}. */
    @Activate
    public FileBackstoreProvider(Map<String, Object> settings) {
        modified(settings);
        BoundCalls.start();
    }

    @Deactivate
    void stop() {
        stopped = true;
        BoundCalls.stop();
    }

    @Modified
    void modified(Map<String, Object> values) {
        ServiceSettings settings = new ServiceSettings(PID, values);
        allow(settings.text("roots", ""), settings.text("devices", ""));
        sequences = new SequenceSettings(
                settings.number("readAheadMiB", 0, MOST_AHEAD_MIB, DEFAULT_AHEAD_MIB) << MIB_SHIFT,
                settings.number("writeBehindMiB", 0, MOST_BEHIND_MIB, DEFAULT_BEHIND_MIB) << MIB_SHIFT);
        copyBytesPerSecond = (long) settings.number("copyMiBPerSecond", 0, MOST_COPY_MIB, 0) << MIB_SHIFT;
        settings.problems().forEach(problem -> LOG.warn("{}", problem));
    }

    /** Takes other rules; see {@link StorageRules}. */
    public void allow(String roots, String devices) {
        rules = new StorageRules(roots, devices);
    }

    @Override
    public String type() {
        return "file";
    }

    @Override
    public String description() {
        return "a file or block device; a file is made sparse if it is not there";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(
                new BackstoreOption(
                        StoragePath.OPTION, true, "file or block device; a relative path begins in volumes/"),
                new BackstoreOption(
                        Reservation.OPTION,
                        BackstoreOption.Type.FLAG,
                        false,
                        "true reserves all space at once, as --thick does; a thin disk gives it back by UNMAP"),
                new BackstoreOption(
                        DirectIo.OPTION,
                        BackstoreOption.Type.FLAG,
                        false,
                        "true reads and writes past the page cache of this machine (O_DIRECT)"),
                new BackstoreOption(
                        CreatedFrom.OPTION,
                        false,
                        "file, or open backstore of this type, that the new file is made a copy of; is not kept"),
                new BackstoreOption(CreatedFrom.OUTCOME, false, "what it was made a copy of, and how: for people"));
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> createNow(config, Watch.of(context, () -> stopped)));
    }

    private BackstoreConfig createNow(BackstoreConfig config, Watch watch) throws ConfigException {
        Path path = rules.require(StoragePath.of(config));
        Reservation.check(config);
        DirectIo.check(config);
        BackstoreConfig kept = config.withOption(StoragePath.OPTION, StoragePath.toKeep(config));
        if (CreatedFrom.isAskedFor(config)) {
            if (Files.exists(path)) {
                throw new ConfigException(path + " exists: leave " + CreatedFrom.OPTION
                        + " out to use it as it is, or name a file that is not there");
            }
            return newFiles.make(path, () -> copies.make(kept, path, rules, watch));
        }
        if (Files.exists(path)) {
            newFiles.occupy(path);
            try {
                BackstoreConfig taken = takeOver(kept, path);
                newFiles.isNotNew(path);
                return taken;
            } finally {
                newFiles.leave(path);
            }
        }
        return newFiles.make(kept, path, watch);
    }

    private BackstoreConfig takeOver(BackstoreConfig config, Path path) throws ConfigException {
        if (Files.isDirectory(path)) {
            throw new ConfigException(path + " is a directory: name a file in it");
        }
        if (!Files.isReadable(path) || (!config.readOnly() && !Files.isWritable(path))) {
            throw new ConfigException(path + " cannot be " + (config.readOnly() ? "read" : "read and written")
                    + " by this process: change its owner or permissions");
        }
        long size = size(path, config);
        long usable = size - size % config.blockSize();
        if (config.sizeBytes() != 0 && config.sizeBytes() != usable) {
            throw new ConfigException(path + " exists and has " + size + " bytes, not " + config.sizeBytes()
                    + ": leave the size out to use it as it is, or name a file that is not there");
        }
        if (usable == 0) {
            throw new ConfigException(
                    path + " has " + size + " bytes, less than one block: name a larger file, or remove it");
        }
        warnOfTornBlocks(config, path);
        if (Reservation.isAskedFor(config) && !config.readOnly() && Files.isRegularFile(path)) {
            NewFile.reserve(path, usable);
        }
        return config.withSizeBytes(usable);
    }

    /** Initiators that know the physical blocks write them as a whole. */
    private static void warnOfTornBlocks(BackstoreConfig config, Path path) throws ConfigException {
        try {
            int physical =
                    StoragePath.isBlockDevice(path) ? BlockDevice.at(path).physicalBlockBytes() : 0;
            if (physical > config.physicalBlockSize()) {
                LOG.warn(
                        "backstore={} {} writes blocks of {} bytes as a whole, but initiators are told {}: make it with"
                                + " --physical-block-size {}",
                        config.name(),
                        path,
                        physical,
                        config.physicalBlockSize(),
                        physical);
            }
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be examined: " + StoragePath.reason(failed), failed);
        }
    }

    private long size(Path path, BackstoreConfig config) throws ConfigException {
        try {
            if (!StoragePath.isStorage(path)) {
                throw new ConfigException(path + " is neither a regular file nor a block device: name one");
            }
            return files.size(path, config);
        } catch (FilesInUse.InUseException used) {
            throw new ConfigException(path + " is in use by backstore " + used.user() + ": name another file", used);
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be opened: " + StoragePath.reason(failed), failed);
        }
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
            newFiles.remove(StorageRules.real(StoragePath.of(config)));
            return null;
        });
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> openNow(config, context));
    }

    private Backstore openNow(BackstoreConfig config, BackstoreContext context) throws BackstoreException {
        Path path = locate(config);
        try {
            if (!StoragePath.isStorage(path)) {
                // Says so in the words of the system if nothing is there.
                StoragePath.identity(path);
                throw new IOException("it is neither a regular file nor a block device");
            }
            BlockGeometry geometry = new BlockGeometry(
                    config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
            return new FileBackstore(files.open(path, config), geometry, context, sequences);
        } catch (IllegalArgumentException refused) {
            throw new BackstoreException(Fault.NOT_READY, path + " cannot be opened: " + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new BackstoreException(
                    Fault.NOT_READY, path + " cannot be opened: " + StoragePath.reason(failed), failed);
        }
    }

    private Path locate(BackstoreConfig config) throws BackstoreException {
        try {
            return rules.require(StoragePath.of(config));
        } catch (ConfigException refused) {
            throw new BackstoreException(Fault.NOT_READY, refused.getMessage(), refused);
        }
    }
}

package com.example.vhd;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers backstores of the type {@code vhd}: a file as Hyper-V, Azure and QEMU (which calls it vpc) know it. */
@Component
public final class VhdBackstoreProvider implements BackstoreProvider {

    private static final String PATH = "path";
    private static final String FORMAT = "format";
    private static final String DYNAMIC = "dynamic";
    private static final String FIXED = "fixed";

    private final VhdFolder folder;
    private final FilesInUse files = new FilesInUse();

    /** Files that were made here and have not been taken over since: they may be removed. */
    private final Set<Path> fresh = ConcurrentHashMap.newKeySet();

    /** For OSGi. */
    @Activate
    public VhdBackstoreProvider() {
        this(VhdFolder.ofGateway());
    }

    VhdBackstoreProvider(VhdFolder folder) {
        this.folder = folder;
    }

    @Override
    public String type() {
        return "vhd";
    }

    @Override
    public String description() {
        return "a VHD file, as Hyper-V and QEMU have them; made if it is not there";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(
                new BackstoreOption(PATH, true, "name of a file in volumes/, such as disk0.vhd"),
                new BackstoreOption(
                        FORMAT,
                        false,
                        "dynamic (the default) takes space as it is written; fixed has its size at once"));
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> createNow(config));
    }

    private BackstoreConfig createNow(BackstoreConfig config) throws ConfigException {
        Path path = locate(config);
        String format = config.options().getOrDefault(FORMAT, DYNAMIC);
        if (!format.equals(DYNAMIC) && !format.equals(FIXED)) {
            throw new ConfigException("'" + format + "' is no format of a VHD: use dynamic or fixed");
        }
        try {
            if (Files.exists(path)) {
                BackstoreConfig taken = takeOver(config, path);
                fresh.remove(path);
                return taken;
            }
            if (config.sizeBytes() == 0) {
                throw new ConfigException(path + " is not there: add --size, such as --size 1G, to make it");
            }
            if (config.sizeBytes() > Footer.MAXIMUM_BYTES) {
                throw new ConfigException("a VHD has at most 2040G: ask for less");
            }
            VhdFolder.create(path, config.sizeBytes(), format.equals(DYNAMIC));
            fresh.add(path);
            return config;
        } catch (IOException failed) {
            throw new ConfigException(path + " " + VhdFolder.reason(failed), failed);
        }
    }

    private Path locate(BackstoreConfig config) throws ConfigException {
        String text = config.options().get(PATH);
        if (text == null || text.isBlank()) {
            throw new ConfigException("a vhd backstore needs a file: add --option path=disk0.vhd");
        }
        return folder.locate(text);
    }

    private BackstoreConfig takeOver(BackstoreConfig config, Path path) throws IOException, ConfigException {
        long size;
        try (OpenVhd open = OpenVhd.open(path, !config.readOnly(), files)) {
            size = open.vhd().sizeBytes();
        }
        if (size % config.blockSize() != 0 || config.sizeBytes() != 0 && config.sizeBytes() != size) {
            throw new ConfigException(path + " exists and has a disk of " + size
                    + " bytes: leave the size out to use it as it is, or name a file that is not there");
        }
        return config.withSizeBytes(size);
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
            Path path = locate(config);
            if (fresh.remove(path)) {
                VhdFolder.delete(path);
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> openNow(config, context));
    }

    private Backstore openNow(BackstoreConfig config, BackstoreContext context) throws BackstoreException {
        try {
            Path path = locate(config);
            BlockGeometry geometry = new BlockGeometry(
                    config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
            return new VhdBackstore(open(path, config), geometry, context);
        } catch (ConfigException refused) {
            throw new BackstoreException(Fault.NOT_READY, refused.getMessage(), refused);
        }
    }

    private OpenVhd open(Path path, BackstoreConfig config) throws BackstoreException {
        try {
            OpenVhd open = OpenVhd.open(path, !config.readOnly(), files);
            if (open.vhd().sizeBytes() != config.sizeBytes()) {
                open.close();
                throw new VhdException("has a disk of " + open.vhd().sizeBytes() + " bytes, not " + config.sizeBytes());
            }
            return open;
        } catch (IOException failed) {
            throw new BackstoreException(Fault.NOT_READY, path + " " + VhdFolder.reason(failed), failed);
        }
    }
}

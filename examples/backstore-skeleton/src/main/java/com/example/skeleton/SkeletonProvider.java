package com.example.skeleton;

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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** Offers backstores of the type {@code skeleton}. The gateway finds it as an OSGi service, which {@code @Component} makes. */
@Component
public final class SkeletonProvider implements BackstoreProvider {

    @Override
    public String type() {
        return "skeleton";
    }

    @Override
    public String description() {
        return "a backstore to begin with: a new file in volumes/";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(new BackstoreOption("path", true, "name of the file"));
    }

    private static Path path(BackstoreConfig config) throws ConfigException {
        String name = config.options().getOrDefault("path", "");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new ConfigException("a skeleton needs the name of a file: add --path NAME");
        }
        return Path.of(System.getProperty("sluice.volumes", ""), name);
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
            Path path = path(config);
            if (config.sizeBytes() == 0) {
                throw new ConfigException("a skeleton needs a size: add --size, such as --size 1G");
            }
            try {
                Files.createDirectories(path.toAbsolutePath().getParent());
                make(path, config.sizeBytes());
                return config;
            } catch (IOException failed) {
                throw new ConfigException(path + " cannot be made: " + failed, failed);
            }
        });
    }

    /** What is there already stays; of what is made here nothing is left if that fails. */
    private static void make(Path path, long sizeBytes) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try {
                file.write(ByteBuffer.allocate(1), sizeBytes - 1);
            } catch (IOException failed) {
                Files.deleteIfExists(path);
                throw failed;
            }
        }
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
            Files.delete(path(config));
            return null;
        });
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
            BlockGeometry geometry = new BlockGeometry(
                    config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
            try {
                FileChannel file = FileChannel.open(path(config), StandardOpenOption.READ, StandardOpenOption.WRITE);
                return new SkeletonBackstore(file, geometry, context);
            } catch (IOException | ConfigException failed) {
                throw new BackstoreException(Fault.NOT_READY, "cannot be opened: " + failed, failed);
            }
        });
    }
}

package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** A kind of storage that keeps no data but an account of what was made and what is open. */
final class FakeProvider implements BackstoreProvider {

    final Set<String> made = new TreeSet<>();
    final Set<String> open = new TreeSet<>();
    boolean refuseToOpen;
    boolean resizable = true;

    @Override
    public String type() {
        return "fake";
    }

    @Override
    public String description() {
        return "nothing";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(
                new BackstoreOption("place", true, "where it is"),
                new BackstoreOption("colour", false, "how it looks"));
    }

    @Override
    public BackstoreConfig create(BackstoreConfig config) throws ConfigException {
        if (config.options().get("place").equals("nowhere")) {
            throw new ConfigException("there is no such place");
        }
        made.add(config.name());
        return config;
    }

    @Override
    public void undoCreate(BackstoreConfig config) {
        made.remove(config.name());
    }

    @Override
    public Backstore open(BackstoreConfig config) throws BackstoreException {
        if (refuseToOpen) {
            throw new BackstoreException(Fault.NOT_READY, "the place is locked");
        }
        open.add(config.name());
        return new Store(config);
    }

    private final class Store implements Backstore {

        private final BackstoreConfig config;
        private long blocks;

        Store(BackstoreConfig config) {
            this.config = config;
            this.blocks = config.sizeBytes() / config.blockSize();
        }

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(blocks, config.blockSize(), config.physicalBlockSize());
        }

        @Override
        public Set<Capability> capabilities() {
            return resizable ? EnumSet.of(Capability.RESIZE) : EnumSet.noneOf(Capability.class);
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> flush() {
            return Backstore.done();
        }

        @Override
        public void resize(long newBlocks) {
            blocks = newBlocks;
        }

        @Override
        public void close() {
            open.remove(config.name());
        }
    }
}

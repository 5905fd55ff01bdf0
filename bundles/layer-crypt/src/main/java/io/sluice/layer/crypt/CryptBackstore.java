package io.sluice.layer.crypt;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Backlog;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.config.LayerConfig;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A store whose blocks are encrypted below. Short pieces are worked on in the thread of the caller, long ones on the threads of
 * the layer. Nothing is lent out of the store below, whose bytes nobody may see.
 */
final class CryptBackstore extends ForwardingBackstore implements CryptographicErase, Reconfigure {

    /** What may take place in the thread of a caller, who must not wait: some microseconds of work. */
    private static final int SHORT_BYTES = 16 << 10;

    /** What needs no cipher, or is zeros here as it is below. */
    private static final Set<Class<?>> PASSING = Set.of(
            AllocatedSpace.class,
            Backlog.class,
            ExtentMap.class,
            FreeSpace.class,
            Placement.class,
            Resize.class,
            Unmap.class,
            WriteZeroes.class);

    private final BackstoreContext context;
    private final LayerConfig config;
    private final OpenHeaders.Use header;
    private final Keys keys;
    private final Encryption encryption;

    CryptBackstore(Backstore below, LayerConfig config, OpenHeaders.Use header, BackstoreContext context) {
        super(below);
        this.config = config;
        this.header = header;
        this.keys = header.keys();
        this.context = context;
        this.encryption = keys.encryption();
    }

    @Override
    protected boolean passes(Class<?> ability) {
        return PASSING.contains(ability);
    }

    @Override
    public <A> A ability(Class<A> kind) {
        boolean own = kind == CryptographicErase.class || kind == Reconfigure.class;
        return own ? kind.cast(this) : super.ability(kind);
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        long offset = geometry().offsetBytes(lba);
        ByteBuffer data = destination.slice();
        CompletionStage<Void> read = delegate().read(lba, destination);
        if (read != Backstore.done()) {
            return read.thenRun(() -> encryption.decrypt(offset, data));
        }
        if (data.remaining() > SHORT_BYTES) {
            return context.call(() -> {
                encryption.decrypt(offset, data);
                return null;
            });
        }
        encryption.decrypt(offset, data);
        return read;
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        int length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        int bytes = length;
        if (bytes <= SHORT_BYTES) {
            return writeEncrypted(lba, source, bytes, durability);
        }
        return context.<CompletionStage<Void>>call(() -> writeEncrypted(lba, source, bytes, durability))
                .thenCompose(written -> written);
    }

    private CompletionStage<Void> writeEncrypted(long lba, ByteBuffer[] source, int bytes, Durability durability) {
        ByteBuffer[] encrypted = encryption.encrypt(geometry().offsetBytes(lba), source, bytes);
        // The store below may advance them, and may have slices of them until it has completed.
        CompletionStage<Void> written = delegate().write(lba, encrypted.clone(), durability);
        if (written == Backstore.done()) {
            encryption.giveBack(encrypted);
            return written;
        }
        return written.whenComplete((done, failure) -> encryption.giveBack(encrypted));
    }

    @Override
    public CompletionStage<Void> eraseKey() {
        return run(keys::erase);
    }

    /** What needs the disk of the header. */
    @FunctionalInterface
    private interface Step {
        void run() throws BackstoreException;
    }

    private CompletionStage<Void> run(Step step) {
        return context.call(() -> {
            step.run();
            return null;
        });
    }

    @Override
    public CompletionStage<Change> reconfigure(LayerConfig wanted, BackstoreContext secrets) {
        return context.call(() -> {
            String before = config.options().get(CryptLayerProvider.HEADER);
            String after = wanted.options().get(CryptLayerProvider.HEADER);
            if (!Objects.equals(before, after)) {
                throw Keys.refused("option " + CryptLayerProvider.HEADER + " of layer crypt cannot be changed");
            }
            byte[] another = OperatorKey.fetch(wanted, secrets);
            keys.add(another);
            return new KeyChange();
        });
    }

    private final class KeyChange implements Change {
        @Override
        public CompletionStage<Void> keep() {
            return CryptBackstore.this.run(keys::keep);
        }

        @Override
        public CompletionStage<Void> undo() {
            return CryptBackstore.this.run(keys::undo);
        }
    }

    @Override
    public CompletionStage<Void> close() {
        return delegate().close().whenComplete((closed, failure) -> header.end().run());
    }

    /** Nothing of a key is in it. */
    @Override
    public String toString() {
        return "encrypted " + context.name();
    }
}

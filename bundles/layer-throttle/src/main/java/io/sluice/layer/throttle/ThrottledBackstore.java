package io.sluice.layer.throttle;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Backlog;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.SuppliedRead;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.backstore.pace.Limits;
import io.sluice.backstore.pace.Pacer;
import io.sluice.backstore.pace.Pacer.Direction;
import io.sluice.config.LayerConfig;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A store that is used only as fast as its limits allow. Reads and writes count as they are long, unmaps and zero-writes as
 * operations that write nothing; flushes, and what only asks for something, are never held back.
 */
final class ThrottledBackstore extends ForwardingBackstore
        implements LentRead, SuppliedRead, Unmap, WriteZeroes, Backlog, Reconfigure {

    /** What moves no blocks. */
    private static final Set<Class<?>> PASSING = Set.of(
            AllocatedSpace.class,
            CryptographicErase.class,
            ExtentMap.class,
            FreeSpace.class,
            Placement.class,
            Resize.class);

    private final Pacer pacer;
    private final Throttle throttle;
    private final Unmap unmap;
    private final WriteZeroes writeZeroes;
    private final LentRead lentRead;
    private final SuppliedRead suppliedRead;
    private final Backlog backlog;
    private Limits limits;

    ThrottledBackstore(Backstore below, Limits limits, Pacer.Clock clock) {
        super(below);
        this.limits = limits;
        pacer = new Pacer(limits, clock);
        throttle = new Throttle(pacer);
        unmap = below.ability(Unmap.class);
        writeZeroes = below.ability(WriteZeroes.class);
        lentRead = below.ability(LentRead.class);
        suppliedRead = below.ability(SuppliedRead.class);
        backlog = below.ability(Backlog.class);
    }

    @Override
    protected boolean passes(Class<?> ability) {
        return PASSING.contains(ability);
    }

    @Override
    public <A> A ability(Class<A> kind) {
        boolean own = kind == Backlog.class || kind == Reconfigure.class;
        return own ? kind.cast(this) : super.ability(kind);
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return throttle.read(destination.remaining(), () -> delegate().read(lba, destination));
    }

    @Override
    public CompletionStage<SuppliedData> read(long lba, int lengthBytes) {
        return throttle.read(lengthBytes, () -> suppliedRead.read(lba, lengthBytes));
    }

    /** What may not begin yet is not lent, and is read when its turn comes. */
    @Override
    public FileRange lend(long lba, int lengthBytes) {
        FileRange range = pacer.mayBegin(Direction.READ) ? lentRead.lend(lba, lengthBytes) : null;
        if (range != null) {
            pacer.take(Direction.READ, lengthBytes);
        }
        return range;
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        long length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        return throttle.write(length, () -> delegate().write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return throttle.write(0, () -> unmap.unmap(lba, blocks));
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return throttle.write(0, () -> writeZeroes.writeZeroes(lba, blocks, durability));
    }

    @Override
    public void hurry() {
        pacer.hurry();
        if (backlog != null) {
            backlog.hurry();
        }
    }

    @Override
    public CompletionStage<Change> reconfigure(LayerConfig config, BackstoreContext context) {
        try {
            return CompletableFuture.completedFuture(change(ThrottleOptions.limits(config.options())));
        } catch (BackstoreException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private Change change(Limits wanted) {
        Limits before = use(wanted);
        return new Change() {
            @Override
            public CompletionStage<Void> keep() {
                return Backstore.done();
            }

            @Override
            public CompletionStage<Void> undo() {
                use(before);
                return Backstore.done();
            }
        };
    }

    private synchronized Limits use(Limits wanted) {
        Limits before = limits;
        limits = wanted;
        pacer.set(wanted);
        return before;
    }
}

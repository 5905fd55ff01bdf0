package io.sluice.volume.move;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.volume.ReadingAbilities;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Around the store of a volume that is being copied: marks what is changed, before and after. The mark after is what counts: a
 * copy that was made while the change was under way may have either. Abilities that change no block pass, and no other than
 * those that are known. That the blocks are encrypted is not hidden: nothing of them may be kept elsewhere in plain text.
 */
public final class Tap extends ForwardingBackstore implements CryptographicErase, Unmap, WriteZeroes {

    private final DirtyMap map;
    private final int blockSize;

    /** @param store what is copied */
    public Tap(Backstore store, DirtyMap map) {
        super(store);
        this.map = map;
        this.blockSize = store.geometry().blockSize();
    }

    @Override
    protected boolean passes(Class<?> ability) {
        return ReadingAbilities.contains(ability);
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        long bytes = 0;
        for (ByteBuffer part : source) {
            bytes += part.remaining();
        }
        return change(lba, bytes / blockSize, () -> delegate().write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return change(lba, blocks, () -> delegate().ability(Unmap.class).unmap(lba, blocks));
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return change(lba, blocks, () -> delegate().ability(WriteZeroes.class).writeZeroes(lba, blocks, durability));
    }

    /** What the blocks read as changes everywhere; the copy has the same key, see {@link CryptographicErase}. */
    @Override
    public CompletionStage<Void> eraseKey() {
        return change(0, geometry().blocks(), () -> delegate()
                .ability(CryptographicErase.class)
                .eraseKey());
    }

    private CompletionStage<Void> change(long lba, long blocks, Supplier<CompletionStage<Void>> change) {
        map.mark(lba, blocks);
        CompletionStage<Void> answer;
        try {
            answer = change.get();
        } catch (RuntimeException | Error thrown) {
            map.mark(lba, blocks);
            throw thrown;
        }
        if (answer == Backstore.done()) {
            map.mark(lba, blocks);
            return answer;
        }
        return answer == null ? null : answer.whenComplete((done, failure) -> map.mark(lba, blocks));
    }
}

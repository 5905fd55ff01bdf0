package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Stores that break what a store promises, so that a check can be seen to find it. What they can do otherwise is what the
 * store below can.
 */
public final class Saboteurs {

    private Saboteurs() {}

    /** Returns a store that says that it has flushed, and has not. */
    public static Backstore skipFlushes(Backstore below) {
        return new Saboteur(below) {
            @Override
            public CompletionStage<Void> flush() {
                return Backstore.done();
            }
        };
    }

    /** Returns a store for which a write that is to be stable is like any other. */
    public static Backstore skipStability(Backstore below) {
        return new Saboteur(below) {
            @Override
            public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
                return super.write(lba, source, Durability.CACHED);
            }
        };
    }

    /** Returns a store that says that it has written, and writes when it is asked for the next thing. */
    public static Backstore acknowledgeEarly(Backstore below) {
        return new Early(below);
    }

    /** Returns a store that takes every failure of a write or flush for success. */
    public static Backstore swallowFailures(Backstore below) {
        return new Saboteur(below) {
            @Override
            public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
                return super.write(lba, source, durability).exceptionally(swallowed -> null);
            }

            @Override
            public CompletionStage<Void> flush() {
                return super.flush().exceptionally(swallowed -> null);
            }
        };
    }

    private static class Saboteur extends ForwardingBackstore implements Unmap, WriteZeroes {

        Saboteur(Backstore below) {
            super(below);
        }

        @Override
        public CompletionStage<Void> unmap(long lba, long blocks) {
            return delegate().ability(Unmap.class).unmap(lba, blocks);
        }

        @Override
        public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
            return delegate().ability(WriteZeroes.class).writeZeroes(lba, blocks, durability);
        }
    }

    /** Not thread-safe. */
    private static final class Early extends Saboteur {

        private Supplier<CompletionStage<Void>> owed = Backstore::done;

        Early(Backstore below) {
            super(below);
        }

        private CompletionStage<Void> pay() {
            Supplier<CompletionStage<Void>> work = owed;
            owed = Backstore::done;
            return work.get();
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return pay().thenCompose(paid -> super.read(lba, destination));
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            ByteBuffer[] copy = new ByteBuffer[source.length];
            for (int i = 0; i < source.length; i++) {
                copy[i] = ByteBuffer.allocate(source[i].remaining())
                        .put(source[i])
                        .flip();
            }
            CompletionStage<Void> paid = pay();
            owed = () -> super.write(lba, copy, durability);
            return paid;
        }

        @Override
        public CompletionStage<Void> unmap(long lba, long blocks) {
            return pay().thenCompose(paid -> super.unmap(lba, blocks));
        }

        @Override
        public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
            return pay().thenCompose(paid -> super.writeZeroes(lba, blocks, durability));
        }

        @Override
        public CompletionStage<Void> flush() {
            return pay().thenCompose(paid -> super.flush());
        }

        @Override
        public CompletionStage<Void> close() {
            return pay().thenCompose(paid -> super.close());
        }
    }
}

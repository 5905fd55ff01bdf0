package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One of several that use a store at the same time: works at random on runs of blocks that are its own but lie between
 * those of the others, and compares with a model in memory.
 */
final class ConcurrentClient extends Thread {

    private static final int OPERATIONS = 400;
    private static final int RUN_BLOCKS = 24;
    private static final int RUNS = 16;

    private final BackstoreFixture fixture;
    private final int index;
    private final int clients;
    private final Random random;
    private final byte[][] model = new byte[RUNS][];
    private final List<String> failures = new ArrayList<>();

    ConcurrentClient(BackstoreFixture fixture, int index, int clients) throws Exception {
        this.fixture = fixture;
        this.index = index;
        this.clients = clients;
        this.random = new Random(index);
        for (int i = 0; i < RUNS; i++) {
            model[i] = new byte[RUN_BLOCKS * fixture.blockSize];
        }
        // The store is made before the threads run.
        fixture.store();
    }

    /** What went wrong; to be asked after the end. */
    List<String> failures() {
        return failures;
    }

    @Override
    public void run() {
        try {
            Backstore store = fixture.store();
            for (int i = 0; i < OPERATIONS && failures.isEmpty(); i++) {
                step(store, i);
            }
        } catch (Exception | AssertionError failed) {
            failures.add("client " + index + ": " + failed);
        }
    }

    private void step(Backstore store, int number) throws Exception {
        int run = random.nextInt(RUNS);
        int first = random.nextInt(RUN_BLOCKS);
        int count = 1 + random.nextInt(RUN_BLOCKS - first);
        long lba = (long) (run * clients + index) * RUN_BLOCKS + first;
        Durability durability = random.nextInt(50) == 0 ? Durability.STABLE : Durability.CACHED;
        byte[] bytes = new byte[count * fixture.blockSize];
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                random.nextBytes(bytes);
                ByteBuffer source = random.nextBoolean() ? BackstoreFixture.direct(bytes) : ByteBuffer.wrap(bytes);
                BackstoreFixture.await(store.write(lba, new ByteBuffer[] {source}, durability));
                remember(run, first, bytes);
            }
            case 3 -> {
                Unmap unmap = store.ability(Unmap.class);
                if (unmap != null) {
                    BackstoreFixture.await(unmap.unmap(lba, count));
                    remember(run, first, bytes);
                }
            }
            case 4 -> {
                WriteZeroes zeroes = store.ability(WriteZeroes.class);
                if (zeroes != null) {
                    BackstoreFixture.await(zeroes.writeZeroes(lba, count, durability));
                    remember(run, first, bytes);
                }
            }
            default -> compare(run, first, count, lba, number);
        }
    }

    private void remember(int run, int first, byte[] bytes) {
        System.arraycopy(bytes, 0, model[run], first * fixture.blockSize, bytes.length);
    }

    private void compare(int run, int first, int count, long lba, int number) throws Exception {
        byte[] expected = fixture.kept(fixture.slice(model[run], first, count));
        if (!Arrays.equals(expected, fixture.read(lba, count))) {
            failures.add("client " + index + ", operation " + number + ": blocks from " + lba + " differ");
        }
    }
}

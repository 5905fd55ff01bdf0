package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.Test;

/** What the kernel is asked for while reads come that were recorded. */
public class ReadAheadTest {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int MOST = 4 * MIB;
    private static final int PIECE = 256 * KIB;
    private static final int READ = 256 * KIB;
    private static final long SIZE = 1L << 30;

    private record Range(long begin, long end) {}

    private final List<Range> asked = new ArrayList<>();
    private final LaterWork later = new LaterWork();
    private IOException failure;
    private ReadAhead ahead = of(MOST);

    private ReadAhead of(int mostBytes) {
        return new ReadAhead(mostBytes, PIECE, SIZE, this::ask, later);
    }

    private void ask(long offset, long length) throws IOException {
        asked.add(new Range(offset, offset + length));
        if (failure != null) {
            throw failure;
        }
    }

    private void read(long offset, int length) {
        ahead.sees(offset, length);
        later.run();
    }

    private void readSequence(long begin, long end) {
        for (long offset = begin; offset < end; offset += READ) {
            read(offset, READ);
        }
    }

    /** Nothing is asked for twice, and nothing is left out from the first range on. */
    private void assertGapless() {
        for (int i = 1; i < asked.size(); i++) {
            assertEquals("range " + i, asked.get(i - 1).end(), asked.get(i).begin());
        }
    }

    private long askedEnd() {
        return asked.get(asked.size() - 1).end();
    }

    @Test
    public void theThirdReadMakesASequence() {
        readSequence(0, 2 * READ);
        assertEquals(List.of(), asked);
        read(2 * READ, READ);
        assertEquals(3 * READ, asked.get(0).begin());
        assertEquals(3 * READ + ReadAhead.FIRST_BYTES, askedEnd());
    }

    @Test
    public void littleIsReadAheadOfSmallReads() {
        for (int i = 0; i < 3; i++) {
            read(i * 4L * KIB, 4 * KIB);
        }
        assertEquals(List.of(new Range(12 * KIB, 76 * KIB)), asked);
    }

    @Test
    public void whatIsAheadGrowsUpToTheMost() {
        for (long offset = 0; offset < 64L * MIB; offset += READ) {
            read(offset, READ);
            assertTrue(asked.isEmpty() || askedEnd() <= offset + READ + MOST);
        }
        assertGapless();
        assertTrue("at least half of the most is always ahead", askedEnd() >= 64L * MIB + MOST / 2);
        assertTrue(asked.stream().allMatch(range -> range.end() - range.begin() <= PIECE));
    }

    @Test
    public void sequencesInTurnAreEachReadAheadOf() {
        for (long offset = 0; offset < 16L * MIB; offset += READ) {
            for (int stream = 0; stream < 4; stream++) {
                read(stream * SIZE / 4 + offset, READ);
            }
        }
        for (int stream = 0; stream < 4; stream++) {
            long begin = stream * SIZE / 4;
            long end = asked.stream()
                    .mapToLong(Range::end)
                    .filter(to -> to > begin && to <= begin + SIZE / 4)
                    .max()
                    .orElse(0);
            assertTrue("stream " + stream, end >= begin + 16L * MIB + MOST / 2);
        }
        long bytes =
                asked.stream().mapToLong(range -> range.end() - range.begin()).sum();
        assertTrue("nothing is asked for twice", bytes <= 4 * (16L * MIB + MOST));
    }

    @Test
    public void sequencesAreServedInTurn() {
        for (int i = 0; i < 3; i++) {
            ahead.sees((long) i * READ, READ);
            ahead.sees(SIZE / 2 + (long) i * READ, READ);
        }
        assertEquals("one thing at a time waits for a thread", 1, later.size());
        later.run();
        List<Boolean> upperHalf =
                asked.stream().map(range -> range.begin() >= SIZE / 2).toList();
        assertEquals(4, upperHalf.size());
        for (int i = 1; i < upperHalf.size(); i++) {
            assertEquals("range " + i, !upperHalf.get(i - 1), upperHalf.get(i));
        }
    }

    private void readShuffled(int depth, int seed) {
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>();
        int reads = 256;
        for (int begin = 0; begin < reads; begin += depth) {
            List<Integer> part = new ArrayList<>(
                    IntStream.range(begin, begin + depth).boxed().toList());
            Collections.shuffle(part, random);
            order.addAll(part);
        }
        order.forEach(number -> read((long) number * READ, READ));
        for (int i = 1; i < asked.size(); i++) {
            assertTrue(
                    "what was passed is left out, nothing else",
                    asked.get(i).begin() >= asked.get(i - 1).end());
        }
        assertTrue(askedEnd() >= (long) reads * READ + MOST / 2);
    }

    @Test
    public void readsComeInAnyOrderOfTheirDepth() {
        readShuffled(8, 1);
    }

    @Test
    public void readsComeInAnyOrderOfADeepQueue() {
        readShuffled(32, 2);
    }

    @Test
    public void randomReadsAskForNothing() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            read(random.nextInt((int) (SIZE / (4 * KIB))) * 4L * KIB, 4 * KIB);
        }
        assertEquals(List.of(), asked);
    }

    @Test
    public void everyThirdBlockIsNoSequence() {
        for (long offset = 0; offset < 8L * MIB; offset += 3L * READ) {
            read(offset, READ);
        }
        assertEquals(List.of(), asked);
    }

    @Test
    public void backwardsAsksForNothing() {
        for (long offset = 64L * MIB; offset > 0; offset -= READ) {
            read(offset, READ);
        }
        assertTrue(asked.stream().allMatch(range -> range.begin() >= 64L * MIB));
    }

    @Test
    public void aSequenceSurvivesRandomReadsBetween() {
        Random random = new Random(4);
        for (long offset = 0; offset < 32L * MIB; offset += READ) {
            read(offset, READ);
            for (int i = 0; i < (offset < 2 * MIB ? 1 : 40); i++) {
                read(SIZE / 2 + random.nextInt((int) (SIZE / 2 / (4 * KIB))) * 4L * KIB, 4 * KIB);
            }
        }
        assertGapless();
        assertTrue(askedEnd() >= 32L * MIB + MOST / 2);
    }

    @Test
    public void theSequenceThatWasReadLongestAgoIsForgotten() {
        for (int stream = 0; stream <= ReadAhead.STREAMS; stream++) {
            long begin = stream * (SIZE / 32);
            readSequence(begin, begin + 4L * READ);
            asked.clear();
        }
        // Others have made it old enough.
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            read(SIZE * 3 / 4 + random.nextInt((int) (SIZE / 4 / (4 * KIB))) * 4L * KIB, 4 * KIB);
        }
        read(4L * READ, READ);
        read(5L * READ, READ);
        assertEquals("it begins anew", List.of(), asked);
        read(6L * READ, READ);
        assertFalse(asked.isEmpty());
    }

    @Test
    public void nothingIsAskedForBehindTheEnd() {
        readSequence(SIZE - 2L * MIB, SIZE);
        assertEquals(SIZE, askedEnd());
        assertGapless();
        int before = asked.size();
        readSequence(0, 3L * READ);
        assertEquals(
                "the beginning is another sequence",
                3L * READ,
                asked.get(before).begin());
    }

    @Test
    public void moreIsAskedForWhenThereIsMore() {
        readSequence(SIZE - 2L * MIB, SIZE);
        ahead.resized(2 * SIZE);
        readSequence(SIZE, SIZE + 2L * READ);
        assertTrue(askedEnd() > SIZE);
    }

    @Test
    public void whatWasReadMeanwhileIsNotAskedFor() {
        for (int i = 0; i < 4; i++) {
            ahead.sees((long) i * READ, READ);
        }
        later.run();
        assertEquals(4L * READ, asked.get(0).begin());
    }

    @Test
    public void itIsOffWithNothingToReadAhead() {
        ahead = of(0);
        readSequence(0, 16L * MIB);
        assertEquals(List.of(), asked);
    }

    @Test
    public void aFailureOrAFullQueueEndsNothing() {
        later.refuse(true);
        readSequence(0, 4L * READ);
        later.refuse(false);
        failure = new IOException("broken");
        readSequence(4L * READ, 16L * MIB);
        assertTrue(askedEnd() >= 16L * MIB + MOST / 2);
    }

    @Test
    public void nothingIsAskedForOfAClosedFile() {
        for (int i = 0; i < 3; i++) {
            ahead.sees((long) i * READ, READ);
        }
        ahead.close();
        later.run();
        assertEquals(List.of(), asked);
    }
}

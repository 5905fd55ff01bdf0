package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.Test;

/** What the kernel is to begin with while writes come that were recorded. */
public class WriteBehindTest {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int PIECE = 8 * MIB;
    private static final int WRITE = 256 * KIB;

    private final List<Long> begun = new ArrayList<>();
    private final LaterWork later = new LaterWork();
    private IOException failure;
    private final WriteBehind behind = new WriteBehind(PIECE, this::begin, later);

    private void begin(long offset, long length) throws IOException {
        assertEquals(PIECE, length);
        begun.add(offset / PIECE);
        if (failure != null) {
            throw failure;
        }
    }

    private void writeSequence(long begin, long end) {
        for (long offset = begin; offset < end; offset += WRITE) {
            behind.sees(offset, WRITE);
        }
    }

    private static List<Long> pieces(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    public void aPieceIsBegunWhenItIsWrittenUpToItsEnd() {
        writeSequence(0, PIECE - WRITE);
        later.run();
        assertEquals(List.of(), begun);
        behind.sees(PIECE - WRITE, WRITE);
        assertEquals("not in the thread that writes", List.of(), begun);
        later.run();
        assertEquals(pieces(0, 1), begun);
    }

    @Test
    public void eachPieceOfASequenceIsBegunOnce() {
        for (long piece = 0; piece < 100; piece++) {
            writeSequence(piece * PIECE, (piece + 1) * PIECE);
            later.run();
        }
        assertEquals(pieces(0, 100), begun);
    }

    @Test
    public void sequencesInTurnAreBegunEach() {
        for (long offset = 0; offset < 4L * PIECE; offset += WRITE) {
            for (int stream = 0; stream < 8; stream++) {
                behind.sees(stream * 100L * PIECE + offset, WRITE);
            }
            later.run();
        }
        assertEquals(32, begun.size());
        assertEquals(32, new HashSet<>(begun).size());
    }

    @Test
    public void writesMayOvertakeEachOtherWithinTheDepthOfAQueue() {
        Random random = new Random(1);
        for (long batch = 0; batch < 4L * PIECE; batch += 32 * 4 * KIB) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, 32).boxed().toList());
            Collections.shuffle(order, random);
            for (int place : order) {
                behind.sees(batch + place * 4L * KIB, 4 * KIB);
            }
            later.run();
        }
        assertEquals(pieces(0, 4), begun);
    }

    @Test
    public void aSequenceThatBeginsInTheSecondHalfOfAPieceIsBegunWithTheNext() {
        writeSequence(PIECE / 2 + WRITE, 2L * PIECE);
        later.run();
        assertEquals(List.of(1L), begun);
    }

    @Test
    public void whatIsWrittenAtRandomIsLeftToTheKernel() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            behind.sees(random.nextInt(4 * PIECE / (4 * KIB)) * 4L * KIB, 4 * KIB);
        }
        later.run();
        assertEquals(List.of(), begun);
    }

    @Test
    public void longWritesAtRandomOrBackwardsAreNoSequence() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            behind.sees(random.nextInt(64 * PIECE / WRITE) * (long) WRITE, WRITE);
        }
        for (long offset = 4L * PIECE; offset >= 0; offset -= WRITE) {
            behind.sees(offset, WRITE);
        }
        later.run();
        assertEquals(List.of(), begun);
    }

    @Test
    public void aDiskThatDoesNotKeepUpIsAskedForSoMuchAndNoMore() {
        writeSequence(0, 100L * PIECE);
        assertEquals("one thread", 1, later.size());
        later.run();
        assertEquals(pieces(0, WriteBehind.PIECES), begun);
        writeSequence(200L * PIECE, 201L * PIECE);
        later.run();
        assertEquals("and goes on afterwards", 200L, (long) begun.get(WriteBehind.PIECES));
    }

    @Test
    public void whatIsRefusedOrFailsIsLeftToTheKernel() {
        later.refuse(true);
        writeSequence(0, PIECE);
        later.refuse(false);
        failure = new IOException("no");
        writeSequence(PIECE, 2L * PIECE);
        later.run();
        assertEquals(List.of(1L), begun);
        failure = null;
        writeSequence(2L * PIECE, 3L * PIECE);
        later.run();
        assertEquals(List.of(1L, 2L), begun);
    }

    @Test
    public void nothingIsBegunOnceItIsClosed() {
        writeSequence(0, PIECE);
        behind.close();
        assertEquals(1, later.size());
        later.run();
        assertEquals(List.of(), begun);
    }

    @Test
    public void nothingIsBegunWhereItIsSwitchedOff() {
        WriteBehind off = new WriteBehind(0, this::begin, later);
        for (long offset = 0; offset < 4L * PIECE; offset += WRITE) {
            off.sees(offset, WRITE);
        }
        assertEquals(0, later.size());
    }
}

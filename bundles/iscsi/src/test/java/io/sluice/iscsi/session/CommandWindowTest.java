package io.sluice.iscsi.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.session.CommandWindow.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** The order of commands (RFC 7143 4.2.2.1), with numbers that wrap. */
public final class CommandWindowTest {

    private static final int SIZE = 8;

    private boolean tight;
    private final CommandWindow<Integer> window = new CommandWindow<>(SIZE, -2, () -> tight);
    private final List<Integer> served = new ArrayList<>();

    private Verdict receive(int cmdSn) {
        Verdict verdict = window.offer(cmdSn);
        if (verdict == Verdict.NOW) {
            served.add(cmdSn);
        } else if (verdict == Verdict.LATER) {
            window.keep(cmdSn, cmdSn);
        }
        for (Integer next = window.next(); next != null; next = window.next()) {
            served.add(next);
        }
        return verdict;
    }

    @Test
    public void serialNumbersWrap() {
        assertTrue(SerialNumber.less(-1, 0));
        assertTrue(SerialNumber.less(Integer.MAX_VALUE, Integer.MIN_VALUE));
        assertFalse(SerialNumber.less(5, 5));
        assertFalse(SerialNumber.less(0, -1));
        assertEquals(3, SerialNumber.later(-7, 3));
    }

    @Test
    public void inOrder() {
        for (int cmdSn = -2; cmdSn < 2; cmdSn++) {
            assertEquals(Verdict.NOW, receive(cmdSn));
        }
        assertEquals(List.of(-2, -1, 0, 1), served);
        assertEquals(2, window.expCmdSn());
    }

    @Test
    public void earlyOnesWaitForTheirTurn() {
        assertEquals(Verdict.LATER, receive(0));
        assertEquals(Verdict.LATER, receive(1));
        assertEquals(Verdict.LATER, receive(-1));
        assertEquals(List.of(), served);
        assertEquals(Verdict.NOW, receive(-2));
        assertEquals(List.of(-2, -1, 0, 1), served);
    }

    @Test
    public void outsideAndTwiceAreIgnored() {
        assertEquals(Verdict.IGNORED, receive(-3));
        assertEquals(Verdict.IGNORED, receive(-2 + SIZE));
        assertEquals(Verdict.IGNORED, receive(100_000));
        assertEquals(Verdict.LATER, receive(-2 + SIZE - 1));
        assertEquals(Verdict.IGNORED, receive(-2 + SIZE - 1));
    }

    @Test
    public void shrinksByStandingStill() {
        int last = window.maxCmdSn();
        for (int i = 0; i < SIZE; i++) {
            window.begin();
            receive(-2 + i);
        }
        assertEquals(last, window.maxCmdSn());
        assertEquals(Verdict.IGNORED, receive(last + 1));
        window.end();
        assertEquals(last + 1, window.maxCmdSn());
    }

    @Test
    public void aSkippedCommandIsNotWaitedFor() {
        receive(-1);
        receive(1);
        assertTrue(window.skip(0));
        assertTrue(window.skip(-2));
        assertFalse(window.skip(-3));
        assertFalse(window.skip(100));
        assertEquals(Verdict.IGNORED, receive(-2));
        assertEquals(List.of(-1, 1), served);
        assertEquals(Verdict.IGNORED, receive(0));
    }

    @Test
    public void fewCommandsMayComeWhileMemoryIsShort() {
        tight = true;
        int announced = window.maxCmdSn();
        for (int i = 0; i < SIZE; i++) {
            receive(-2 + i);
        }
        assertEquals("what was announced holds, and four more", announced + 4, window.maxCmdSn());
        tight = false;
        receive(window.expCmdSn());
        assertEquals(window.expCmdSn() + SIZE - 1, window.maxCmdSn());
    }

    @Test
    public void aCommandThatIsWithdrawnIsNotWaitedFor() {
        receive(0);
        receive(2);
        assertEquals(List.of(0), window.withdraw(early -> early == 0));
        receive(-2);
        receive(-1);
        assertEquals("0 is past", 1, window.expCmdSn());
        receive(1);
        assertEquals(List.of(-2, -1, 1, 2), served);
        assertEquals(3, window.expCmdSn());
    }

    @Test
    public void noMoreMayComeThanTheWindowHas() {
        for (int i = 0; i < SIZE / 2; i++) {
            receive(-2 + i);
            window.begin();
        }
        assertEquals(SIZE / 2, window.maxCmdSn() - window.expCmdSn() + 1);
    }

    @Test
    public void aRejectedCommandCountsAsNotReceived() {
        window.skip(-1);
        receive(-2);
        assertEquals(0, window.expCmdSn());
        window.takeBack(-2);
        assertEquals(-2, window.expCmdSn());
        receive(-2);
        assertEquals("-1 is still skipped", 0, window.expCmdSn());
    }

    /** What is forgotten has not come, and may come again. */
    @Test
    public void whatIsForgottenMayComeAgain() {
        receive(-1);
        receive(0);
        receive(1);
        assertTrue(window.hasGap());
        assertEquals(List.of(0), window.forget(early -> early == 0));
        receive(-2);
        assertEquals(List.of(-2, -1), served);
        assertEquals(0, window.expCmdSn());
        assertEquals(Verdict.NOW, receive(0));
        assertEquals(List.of(-2, -1, 0, 1), served);
        assertFalse(window.hasGap());
    }
}

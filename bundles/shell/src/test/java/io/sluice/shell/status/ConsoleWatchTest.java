package io.sluice.shell.status;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.Test;

/** What becomes of the console, concluded from what can be seen of it. */
public class ConsoleWatchTest {

    private boolean present = true;
    private boolean listening;
    private boolean commands = true;
    private boolean answers;
    private long now;

    private final ConsoleWatch.Parts parts = new ConsoleWatch.Parts() {
        @Override
        public boolean present() {
            return present;
        }

        @Override
        public boolean listening() {
            return listening;
        }

        @Override
        public boolean hasCommands() {
            return commands;
        }
    };
    private final ConsoleWatch watch = new ConsoleWatch("127.0.0.1", 8101, parts, () -> answers, () -> now);

    private ConsoleStatus after(Duration duration) {
        now += duration.toNanos();
        return watch.status();
    }

    @Test
    public void oneThatListensAndKnowsItsCommands() {
        assertFalse(after(Duration.ZERO).settled());
        listening = true;
        commands = false;
        assertFalse("nobody can use it yet", after(Duration.ZERO).settled());
        commands = true;
        assertEquals(new ConsoleStatus("127.0.0.1:8101", true, ""), after(Duration.ZERO));
    }

    @Test
    public void somebodyElseAnswers() {
        answers = true;
        assertFalse(
                "it may be itself, a moment before it says so",
                after(Duration.ZERO).settled());
        String problem = after(Duration.ofSeconds(2)).problem();
        assertTrue(problem, problem.startsWith("console 127.0.0.1:8101 cannot be opened: the address is in use; set"));
        assertFalse("who has it keeps it", watch.status().late());
        answers = false;
        assertEquals(
                "it need not answer again and again",
                problem,
                after(Duration.ZERO).problem());
        listening = true;
        assertTrue("what has been concluded is not kept", after(Duration.ZERO).listening());
    }

    @Test
    public void oneThatDoesNotBeginToListenIsAProblemBeforeAStartGivesUp() {
        assertFalse(after(Duration.ofSeconds(20)).settled());
        ConsoleStatus status = after(Duration.ofSeconds(1));
        assertTrue(status.problem().contains("cannot be opened; data/log/karaf.log says why"));
        assertFalse("nothing will come of it", status.late());
    }

    @Test
    public void whatIsNotThereYetHasLonger() {
        present = false;
        assertFalse(after(Duration.ofSeconds(119)).settled());
        ConsoleStatus status = after(Duration.ofSeconds(2));
        assertTrue(status.problem().contains("cannot be opened"));
        assertTrue("it may come yet", status.late());
    }

    @Test
    public void andSoHaveTheCommands() {
        listening = true;
        commands = false;
        assertFalse(after(Duration.ofSeconds(119)).settled());
        ConsoleStatus status = after(Duration.ofSeconds(2));
        assertTrue(status.problem().contains("does not know the commands"));
        assertTrue("they may come yet", status.late());
    }

    @Test
    public void anAddressIsWrittenAsInAPortal() {
        listening = true;
        ConsoleWatch six = new ConsoleWatch("::1", 8101, parts, () -> false, () -> 0);
        assertEquals("[::1]:8101", six.status().address());
    }
}

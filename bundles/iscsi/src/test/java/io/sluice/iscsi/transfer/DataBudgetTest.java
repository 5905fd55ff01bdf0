package io.sluice.iscsi.transfer;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Test;

/** Shares, parts and the reserve of the memory for data, and who is next. */
public final class DataBudgetTest {

    private static final long MIB = 1 << 20;

    private final DataBudget budget = new DataBudget(128 * MIB);
    private final List<String> granted = new ArrayList<>();

    private ConnectionBudget connection(String initiator) {
        return budget.open(initiator, "192.0.2.1", Runnable::run);
    }

    private boolean reserve(ConnectionBudget connection, long bytes, String name) {
        return connection.reserve(bytes, () -> granted.add(name));
    }

    @After
    public void usedIsNeverBeyondTheLimit() {
        assertTrue(budget.used() >= 0 && budget.used() <= 128 * MIB);
    }

    @Test
    public void aConnectionHasAPartAndAnInitiatorAShare() {
        ConnectionBudget first = connection("a");
        ConnectionBudget second = connection("a");
        assertTrue(reserve(first, 12 * MIB, ""));
        assertFalse("a path that hangs leaves something", reserve(first, 1, "first"));
        assertTrue(reserve(second, 4 * MIB, ""));
        assertFalse(reserve(second, 1, "second"));
        assertTrue(reserve(connection("b"), 12 * MIB, ""));
        second.release(4 * MIB);
        assertEquals(List.of("second"), granted);
    }

    @Test
    public void whoIsGreedyWithManyConnectionsLeavesSmallCommandsToOthers() {
        for (String greedy : new String[] {"a", "b", "c", "d", "e", "f", "g"}) {
            for (int i = 0; i < 4; i++) {
                ConnectionBudget connection = connection(greedy);
                for (int j = 0; j < 200; j++) {
                    reserve(connection, MIB / 4, "greedy");
                }
            }
        }
        assertEquals(96 * MIB, budget.used());
        ConnectionBudget modest = connection("modest");
        assertTrue(reserve(modest, 4096, ""));
        assertTrue(modest.takeUnasked(4096));
        assertFalse("that is not small", reserve(modest, MIB, "large"));
    }

    @Test
    public void whatComesUnaskedLeavesRoomForTheRest() {
        ConnectionBudget connection = connection("a");
        int commands = 0;
        while (connection.takeUnasked(MIB / 4)) {
            commands++;
        }
        assertEquals(48, commands);
        assertTrue(reserve(connection, 8 * MIB, ""));
        connection.releaseUnasked(MIB / 4);
        assertTrue(connection.takeUnasked(MIB / 4));
    }

    @Test
    public void whatIsAskedForLeavesRoomForCommandsThatBringDataAlong() {
        ConnectionBudget connection = connection("a");
        int asked = 0;
        while (reserve(connection, MIB / 4, "")) {
            asked++;
        }
        assertEquals(48, asked);
        for (int i = 0; i < 48; i++) {
            assertTrue(connection.takeUnasked(MIB / 4));
        }
        assertFalse(connection.takeUnasked(1));
    }

    @Test
    public void itIsTightBeforeItIsRefused() {
        ConnectionBudget connection = connection("a");
        assertTrue(connection.takeUnasked(6 * MIB));
        assertFalse(connection.tight());
        assertTrue(connection.takeUnasked(1));
        assertTrue(connection.tight());
        connection.releaseUnasked(1);
        assertFalse(connection.tight());
    }

    @Test
    public void whoWaitsForALotIsNotOvertaken() {
        List<ConnectionBudget> holders = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ConnectionBudget connection = connection("holder" + i);
            assertTrue(reserve(connection, 12 * MIB, ""));
            holders.add(connection);
        }
        assertTrue(reserve(connection("holder"), 6 * MIB, ""));
        ConnectionBudget large = connection("large");
        ConnectionBudget other = connection("other");
        assertFalse(reserve(large, 12 * MIB, "large"));
        assertFalse("would fit, and starve the large one", reserve(other, 4 * MIB, "other"));
        assertTrue("small ones pass", reserve(connection("small"), 4096, ""));
        holders.get(0).release(12 * MIB);
        assertEquals(List.of("large", "other"), granted);
    }

    @Test
    public void eachConnectionThatWaitsHasItsTurn() {
        List<ConnectionBudget> holders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ConnectionBudget holder = connection("holder" + i);
            assertTrue(reserve(holder, 12 * MIB, ""));
            holders.add(holder);
        }
        ConnectionBudget first = connection("first");
        ConnectionBudget second = connection("second");
        for (int i = 0; i < 3; i++) {
            assertFalse(reserve(first, MIB, "first"));
        }
        assertFalse(reserve(second, MIB, "second"));
        holders.get(0).release(12 * MIB);
        assertEquals(List.of("first", "second", "first", "first"), granted);
    }

    @Test
    public void whoIsGoneWaitsForNothing() {
        ConnectionBudget holder = connection("a");
        ConnectionBudget same = connection("a");
        assertTrue(reserve(holder, 12 * MIB, ""));
        assertFalse(reserve(holder, MIB, "gone"));
        assertEquals(1, budget.usage().waiters());
        assertTrue(budget.usage().longestWaiter().startsWith("a for "));
        holder.close();
        assertEquals(0, budget.usage().waiters());
        holder.release(12 * MIB);
        assertEquals(List.of(), granted);
        assertEquals(1, budget.shareCount());
        same.close();
        assertEquals(0, budget.shareCount());
    }

    @Test
    public void aRequestThatIsWithdrawnIsNotGranted() {
        ConnectionBudget holder = connection("a");
        assertTrue(reserve(holder, 12 * MIB, ""));
        Runnable large = () -> granted.add("large");
        assertFalse(holder.reserve(12 * MIB, large));
        assertFalse(reserve(holder, MIB, "after"));
        holder.release(2 * MIB);
        assertEquals(List.of(), granted);
        holder.withdraw(large);
        assertEquals(List.of("after"), granted);
    }

    @Test
    public void moreThanThereIsForAConnectionIsGrantedWhenItHasNothingElse() {
        ConnectionBudget connection = connection("a");
        assertTrue(reserve(connection, 1, ""));
        assertFalse(reserve(connection, 1L << 32, "huge"));
        connection.release(1);
        assertEquals(List.of("huge"), granted);
        connection.release(1L << 32);
        assertEquals(0, budget.used());
    }
}

package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What hosts ask for that is looked up in the records, when those are slow. */
public class SharedLooksTest extends SharedCommandsFixture {

    private static final int MANY = 500;

    private int looks() {
        return place.reads.getOrDefault("server", 0);
    }

    @Test
    public void manyWhoAskShareALook() throws Exception {
        int before = looks();
        place.readLate = name -> name.equals("server");
        Eventually.isTrue(() -> looks() > before);
        int held = looks();
        List<SimpleTask> asked = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            asked.add(send(second, there, REPORT_GROUPS, new byte[0]));
        }
        place.readLate = name -> false;
        place.late.complete(null);
        for (SimpleTask task : asked) {
            assertEquals("GOOD", task.end());
        }
        assertEquals("GOOD", send(second, there, REPORT_GROUPS, new byte[0]).end());
        int looks = looks() - held;
        assertTrue(looks + " looks", looks < MANY / 5);
    }
}

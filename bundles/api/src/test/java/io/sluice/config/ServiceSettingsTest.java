package io.sluice.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;

/** A mistake in a file of settings costs that setting, and is told. */
public final class ServiceSettingsTest {

    private final ServiceSettings settings = new ServiceSettings(
            "io.sluice.iscsi",
            Map.of(
                    "threads", " 4 ",
                    "sessions", 7,
                    "window", "0",
                    "limit", "4294967296",
                    "time", "soon",
                    "empty", "",
                    "local", "no",
                    "events", "false",
                    "sesions", "8",
                    "felix.fileinstall.filename", "file:/etc/x.cfg"));

    @Test
    public void whatDoesIsTaken() {
        assertEquals(4, settings.number("threads", 1, 8, 2));
        assertEquals(7, settings.number("sessions", 1, 8, 2));
        assertEquals(2, settings.number("empty", 1, 8, 2));
        assertEquals(2, settings.number("absent", 1, 8, 2));
        assertFalse(settings.flag("events", true));
        assertTrue(settings.flag("absent", true));
        assertEquals("usual", settings.text("empty", "usual"));
        assertEquals("usual", settings.text("absent", "usual"));
    }

    @Test
    public void whatDoesNotIsReplacedAndTold() {
        assertEquals(128, settings.number("window", 1, 4096, 128));
        assertEquals(5, settings.number("limit", 1, 10, 5));
        assertEquals(15, settings.number("time", 1, 3600, 15));
        assertTrue(settings.flag("local", true));
        for (String name : List.of("threads", "sessions", "empty", "events")) {
            settings.text(name, "");
        }
        assertEquals(
                List.of(
                        "in etc/io.sluice.iscsi.cfg window is a number from 1 to 4096, not '0': it works with 128",
                        "in etc/io.sluice.iscsi.cfg limit is a number from 1 to 10, not '4294967296': it works with 5",
                        "in etc/io.sluice.iscsi.cfg time is a number from 1 to 3600, not 'soon': it works with 15",
                        "in etc/io.sluice.iscsi.cfg local is true or false, not 'no': it works with true",
                        "in etc/io.sluice.iscsi.cfg there is no setting 'sesions': it does nothing"),
                settings.problems());
    }
}

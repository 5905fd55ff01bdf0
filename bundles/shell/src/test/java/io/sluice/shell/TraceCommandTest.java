package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.TraceRequest;
import java.time.Duration;
import java.util.List;
import org.apache.karaf.shell.support.CommandException;
import org.junit.Test;

public class TraceCommandTest {

    private final FakeGateway gateway = new FakeGateway();

    private void refuses(String line, String why) {
        assertThrows(line, CommandException.class, () -> gateway.run(line));
        assertTrue(line + ": " + gateway.errors, gateway.errors.contains(why));
    }

    @Test
    public void aTraceBeginsAsItIsSaid() throws Exception {
        gateway.run("trace:start");
        gateway.run("trace:start --initiator web1 --target iqn.a.b --lun 5 --slower-than 5ms --data 64 --for 1h"
                + " --memory 16M");
        TraceRequest all = TraceRequest.ALL;
        TraceRequest one =
                new TraceRequest("web1", "iqn.a.b", 5, Duration.ofMillis(5), 64, Duration.ofHours(1), 16L << 20);
        assertEquals(List.of("startTrace[" + all + "]", "startTrace[" + one + "]"), gateway.calls);
    }

    @Test
    public void whatCannotBeIsRefused() {
        refuses("trace:start --lun 16384", "LUN 16384 cannot be");
        refuses("trace:start --slower-than 5", "'5' is not a time");
        refuses("trace:start --for 0s", "a trace runs for a second to a day");
        refuses("trace:start --for 25h", "a trace runs for a second to a day");
        refuses("trace:start --data 1048577", "up to 1 MiB");
        refuses("trace:start --memory 4K", "1 MiB to 1 GiB");
        refuses("trace:show --follow --json", "leave one of the two out");
        refuses("gateway:doctor 99", "there is no session 99");
        assertEquals(List.of(), gateway.calls);
    }

    @Test
    public void aLineSaysWhereTheTimeWent() throws Exception {
        assertEquals(
                "(2 lines had to go)\n00:00:00.000000  session 3  iqn.host  LUN 5  READ(10) lba=0 blocks=8  CHECK CONDITION,"
                        + " ILLEGAL REQUEST, LBA OUT OF RANGE (21/00)  2.5ms (wait 1us, store 2.5ms, answer 30us)\n",
                gateway.run("trace:show"));
    }

    @Test
    public void aTerminalIsNotTooNarrow() throws Exception {
        for (int width : new int[] {20, 80}) {
            gateway.width = width;
            List<String> rows = gateway.run("trace:show").lines().skip(1).toList();
            assertTrue(rows.toString(), rows.size() > 1);
            assertTrue(rows.toString(), rows.stream().allMatch(row -> row.length() <= width));
            String words = String.join(" ", rows).replaceAll("\\s+", " ");
            assertTrue(words, words.contains("store 2.5ms") && words.contains("OUT OF RANGE"));
        }
    }

    @Test
    public void followingEndsWithTheTrace() throws Exception {
        assertEquals(2, gateway.run("trace:show --follow").lines().count());
    }

    @Test
    public void anExportSaysWhereItIs() throws Exception {
        assertEquals("/state/traces/slow.pcap\n", gateway.run("trace:export slow.pcap"));
        gateway.refusal = new ConfigException("there is a file slow.pcap already");
        refuses("trace:export slow.pcap", "there is a file slow.pcap already");
    }

    @Test
    public void theDoctorSaysWhatToChange() throws Exception {
        String said = gateway.run("gateway:doctor iqn.host");
        assertTrue(said, said.contains("it has one path") && said.contains("linux: log in"));
    }
}

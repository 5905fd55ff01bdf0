package io.sluice.shell;

import io.sluice.config.AccessState;
import java.util.Arrays;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes the names of asymmetric access states. */
@Service
public final class AccessStateCompleter implements Completer {

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        List<String> states =
                Arrays.stream(AccessState.values()).map(AccessState::label).toList();
        return new StringsCompleter(states).complete(session, commandLine, candidates);
    }
}

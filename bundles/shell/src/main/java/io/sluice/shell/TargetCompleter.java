package io.sluice.shell;

import io.sluice.management.Gateway;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of targets. */
@Service
public final class TargetCompleter implements Completer {

    @Reference
    private Gateway gateway;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        StringsCompleter names = new StringsCompleter();
        gateway.config().targets().forEach(target -> names.getStrings()
                .add(target.name().value()));
        return names.complete(session, commandLine, candidates);
    }
}

package io.sluice.shell;

import io.sluice.management.Gateway;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes kinds of backstores. */
@Service
public final class BackstoreTypeCompleter implements Completer {

    @Reference
    private Gateway gateway;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        StringsCompleter names = new StringsCompleter();
        gateway.backstoreTypes().forEach(type -> names.getStrings().add(type.type()));
        return names.complete(session, commandLine, candidates);
    }
}

package io.sluice.manager.audit;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Difference;
import io.sluice.management.ImportReport;
import io.sluice.management.Revision;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes down every document that is applied, and what it changed. */
final class AuditedConfiguration implements ConfigurationManagement {

    /** Of very many changes the history has more. */
    private static final int MOST = 20;

    private final ConfigurationManagement configuration;
    private final AuditTrail trail;

    AuditedConfiguration(ConfigurationManagement configuration, AuditTrail trail) {
        this.configuration = configuration;
        this.trail = trail;
    }

    @Override
    public List<Difference> apply(String document, boolean merge, String why) throws ConfigException {
        return trail.change(
                (merge ? "merge a document" : "apply a document") + because(why),
                () -> configuration.apply(document, merge, why),
                AuditedConfiguration::words);
    }

    @Override
    public ImportReport importForeign(String format, String document, String why) throws ConfigException {
        return trail.change(
                "import a configuration of " + format + because(why),
                () -> configuration.importForeign(format, document, why),
                report -> words(report.changes()));
    }

    @Override
    public List<Difference> rollback(int number, String why) throws ConfigException {
        return trail.change(
                "roll back to revision " + number + because(why),
                () -> configuration.rollback(number, why),
                AuditedConfiguration::words);
    }

    private static String because(String why) {
        return why.isBlank() ? "" : " because of '" + why + "'";
    }

    private static String words(List<Difference> changes) {
        if (changes.isEmpty()) {
            return "done, nothing was changed";
        }
        String more = changes.size() > MOST ? "; and " + (changes.size() - MOST) + " more" : "";
        return changes.stream().limit(MOST).map(Difference::line).collect(Collectors.joining("; ", "done: ", more));
    }

    @Override
    public String export(Optional<IscsiName> target) throws ConfigException {
        return configuration.export(target);
    }

    @Override
    public List<Difference> plan(String document, boolean merge) throws ConfigException {
        return configuration.plan(document, merge);
    }

    @Override
    public ImportReport planImport(String format, String document) throws ConfigException {
        return configuration.planImport(format, document);
    }

    @Override
    public List<Revision> history() {
        return configuration.history();
    }

    @Override
    public String revision(int number) throws ConfigException {
        return configuration.revision(number);
    }
}

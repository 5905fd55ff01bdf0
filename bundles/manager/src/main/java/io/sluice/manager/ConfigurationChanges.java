package io.sluice.manager;

import io.sluice.backstore.Secret;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Difference;
import io.sluice.management.ImportReport;
import io.sluice.management.Revision;
import io.sluice.manager.document.Documents;
import io.sluice.manager.foreign.ForeignDocument;
import io.sluice.manager.foreign.ForeignFormat;
import io.sluice.manager.foreign.StorageSizes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration as a document. Documents are read in the thread of the caller as far as that is possible. */
final class ConfigurationChanges implements ConfigurationManagement {

    private static final String AGAIN = "apply it once more";

    private final Composition composition;
    private final Applying applying;
    private final OneReader reader = new OneReader(Duration.ofSeconds(10));

    ConfigurationChanges(Composition composition, Applying applying) {
        this.composition = composition;
        this.applying = applying;
    }

    @Override
    public String export(Optional<IscsiName> target) throws ConfigException {
        composition.requireUsable();
        GatewayConfig config = composition.config();
        return target.isEmpty()
                ? Documents.write(config)
                : Documents.write(config, Configs.requireTarget(config, target.get()));
    }

    @Override
    public List<Difference> plan(String document, boolean merge) throws ConfigException {
        return reader.read(() -> planNow(document, merge));
    }

    private List<Difference> planNow(String document, boolean merge) throws ConfigException {
        composition.requireUsable();
        GatewayConfig present = composition.config();
        return applying.plan(present, wanted(document, present, merge));
    }

    private GatewayConfig wanted(String document, GatewayConfig present, boolean merge) throws ConfigException {
        return new Restated(composition.reconciler()::disk).of(Documents.read(document, present, merge), present);
    }

    @Override
    public List<Difference> apply(String document, boolean merge, String why) throws ConfigException {
        return apply(document, merge, why, Map.of());
    }

    private List<Difference> apply(String document, boolean merge, String why, Map<String, Secret> secrets)
            throws ConfigException {
        return applying.apply(
                present -> {
                    GatewayConfig wanted = wanted(document, present, merge);
                    return wanted.equals(present) && secrets.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Applying.Wanted(
                                    wanted,
                                    new NewSecrets(composition.secrets(), secrets),
                                    composition.file()::save,
                                    AGAIN));
                },
                why);
    }

    @Override
    public ImportReport planImport(String format, String document) throws ConfigException {
        return reader.read(() -> {
            ForeignDocument foreign = foreign(format, document);
            return new ImportReport(planNow(foreign.document(), true), foreign.left());
        });
    }

    @Override
    public ImportReport importForeign(String format, String document, String why) throws ConfigException {
        ForeignDocument foreign = reader.read(() -> foreign(format, document));
        String reason = why.isBlank() ? "import from " + format : why;
        return new ImportReport(apply(foreign.document(), true, reason, foreign.secrets()), foreign.left());
    }

    private ForeignDocument foreign(String format, String document) throws ConfigException {
        composition.requireUsable();
        GatewayConfig present = composition.config();
        ForeignDocument foreign = ForeignFormat.of(format).read(document, present, StorageSizes.MACHINE);
        requireOwnNames(foreign, present);
        return foreign;
    }

    /** Somebody else's storage is not to take the place of ours because it has the same name. */
    private void requireOwnNames(ForeignDocument foreign, GatewayConfig present) throws ConfigException {
        for (BackstoreConfig other : wanted(foreign.document(), present, true).backstores()) {
            BackstoreConfig own = present.backstore(other.name()).orElse(other);
            if (!own.type().equals(other.type()) || !own.options().equals(other.options())) {
                throw new ConfigException("there is a backstore " + other.name()
                        + " already, on other storage: give one of the two another name");
            }
        }
    }

    @Override
    public List<Revision> history() {
        return composition.history().revisions();
    }

    @Override
    public String revision(int number) throws ConfigException {
        return composition.history().document(number);
    }

    @Override
    public List<Difference> rollback(int number, String why) throws ConfigException {
        String document = composition.history().document(number);
        return apply(document, false, why.isBlank() ? "rollback to revision " + number : why);
    }
}

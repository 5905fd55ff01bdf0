package io.sluice.rest.osgi;

import io.sluice.config.ConfigException;
import io.sluice.http.HttpResource;
import io.sluice.management.Gateway;
import io.sluice.management.ProblemSource;
import io.sluice.management.Role;
import io.sluice.management.TokenManagement;
import io.sluice.management.TokenStatus;
import io.sluice.rest.certificate.MadeCertificate;
import io.sluice.rest.http.Listener;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the server while there is a gateway, and offers its tokens to the console, also where the server may not listen. */
@Component(configurationPid = RestSettingsFile.PID, immediate = true)
public final class RestComponent implements TokenManagement, ProblemSource {

    private static final Logger LOG = LoggerFactory.getLogger(RestComponent.class);

    /** The logger that the gateway writes its own changes to. */
    private static final Logger AUDIT = LoggerFactory.getLogger("io.sluice.audit.change");

    /** After so long it is tried again to listen. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** After so long it is asked again whether the tokens are those of this gateway, which was refused. */
    private static final long LOOK_MILLIS = 500;

    private final TokenStore tokens;
    private final MadeCertificate certificate;
    private final TokenManagement audited;
    private final Resources resources = new Resources();
    private final Warnings warnings = new Warnings(LOG::warn);
    private final Listener listener;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(look -> {
        Thread thread = new Thread(look, "sluice-rest-tokens");
        thread.setDaemon(true);
        return thread;
    });

    /** Reads the tokens and listens. */
    @Activate
    public RestComponent(@Reference Gateway gateway, Map<String, Object> values) {
        String state = System.getProperty(
                "sluice.state",
                Path.of(System.getProperty("karaf.base", ""), "state").toString());
        tokens = new TokenStore(Path.of(state, "tokens.json"), Clock.systemUTC(), () -> refusal(gateway));
        certificate = new MadeCertificate(Path.of(state, "rest"), Clock.systemUTC());
        audited = new AuditedTokens(tokens, AUDIT::info);
        lookForTokens();
        listener = new Listener(() -> make(gateway, values), "etc/" + RestSettingsFile.PID + ".cfg", AGAIN);
    }

    private static String refusal(Gateway gateway) {
        return gateway.stateProblem().orElse("");
    }

    /** Requests do not wait for a disk: the tokens of a gateway that is mended have to be there before. */
    private void lookForTokens() {
        if (!tokens.readOwn()) {
            looks.schedule(this::lookForTokens, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } else if (!tokens.problem().isEmpty()) {
            LOG.error("{}", tokens.problem());
        }
    }

    private RestServer make(Gateway gateway, Map<String, Object> values) throws IOException {
        RestSettingsFile file = RestSettingsFile.of(values, Path.of(System.getProperty("karaf.etc", "etc")));
        warnings.set(file.problems());
        RestSettings settings = file.settings();
        if (file.made()) {
            String why = refusal(gateway);
            if (!why.isEmpty()) {
                throw new IOException("no certificate is made where another gateway may have one: " + why);
            }
            MadeCertificate.Files made = certificate.at(settings.address());
            settings = settings.with(made.certificate(), made.key(), made.renewal());
        }
        return new RestServer(settings, gateway, tokens, resources);
    }

    @Override
    public List<String> problems() {
        return Stream.concat(
                        Stream.of(listener.problem(), tokens.problem()).filter(problem -> !problem.isEmpty()),
                        warnings.present().stream())
                .toList();
    }

    /** Something to read came. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addResource(HttpResource resource) {
        resources.add(resource);
    }

    /** Something to read goes. */
    void removeResource(HttpResource resource) {
        resources.remove(resource);
    }

    @Deactivate
    void close() {
        looks.shutdownNow();
        listener.close();
    }

    @Override
    public String create(String name, Role role) throws ConfigException {
        return audited.create(name, role);
    }

    @Override
    public List<TokenStatus> list() {
        return audited.list();
    }

    @Override
    public void revoke(String name) throws ConfigException {
        audited.revoke(name);
    }
}

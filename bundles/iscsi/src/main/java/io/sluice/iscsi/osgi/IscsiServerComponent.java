package io.sluice.iscsi.osgi;

import io.sluice.access.AccessControl;
import io.sluice.access.AccessRules;
import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.portal.IscsiServer;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.transfer.DataBudget;
import io.sluice.management.SessionStatus;
import io.sluice.management.Transport;
import io.sluice.management.TransportStatus;
import io.sluice.scsi.target.ScsiTarget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers the iSCSI server as a service and gives it the targets that come and go. */
@Component(configurationPid = "io.sluice.iscsi")
@Designate(ocd = IscsiServerComponent.Config.class)
public final class IscsiServerComponent implements Transport {

    /** Settings in {@code etc/io.sluice.iscsi.cfg}; see {@link ServerSettings}. */
    @ObjectClassDefinition(name = "Sluice iSCSI server")
    public @interface Config {
        /** Returns the number of event loops; 0 means one per processor. */
        int threads() default 0;

        /** Returns the most connections. */
        int maxConnections() default 2048;

        /** Returns the most sessions. */
        int maxSessions() default 1024;

        /** Returns the seconds that a login may take. */
        int loginTimeoutSeconds() default 15;

        /** Returns the seconds of silence before a ping. */
        int pingIntervalSeconds() default 15;

        /** Returns the seconds that an initiator has to answer. */
        int pingTimeoutSeconds() default 30;

        /** Returns the seconds that the end of a session or a task may take. */
        int endTimeoutSeconds() default 35;

        /** Returns the commands of a session that may be under way. */
        int commandWindow() default 128;

        /** Returns the most connections of a session. */
        int maxConnectionsPerSession() default 8;

        /** Returns whether initiators are told at once of other LUNs, capacities and access states. */
        boolean asyncEvents() default true;

        /** Returns whether the kernel sends long reads from a file to initiators on this machine as well. */
        boolean localSendFile() default true;

        /** Returns the microseconds that an event loop looks for events after the last one before it sleeps. */
        int busyPollMicros() default 0;

        /** Returns the mebibytes for the data of all sessions. */
        int dataMemoryMiB() default 128;
    }

    private static final Logger LOG = LoggerFactory.getLogger(IscsiServerComponent.class);

    private final IscsiServer server;
    private final SynchronousBundleListener stopping = this::closeBeforeAll;
    private volatile AccessControl access = () -> AccessRules.NOBODY;

    /** Starts the server; it listens where the management service says. */
    @Activate
    public IscsiServerComponent(Config config, BundleContext context) {
        ServerSettings settings = new ServerSettings(
                config.threads(),
                config.maxConnections(),
                config.maxSessions(),
                Duration.ofSeconds(config.loginTimeoutSeconds()),
                Duration.ofSeconds(config.pingIntervalSeconds()),
                Duration.ofSeconds(config.pingTimeoutSeconds()),
                Duration.ofSeconds(config.endTimeoutSeconds()),
                config.commandWindow(),
                config.maxConnectionsPerSession(),
                config.asyncEvents(),
                config.localSendFile(),
                Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(config.busyPollMicros())),
                dataMemoryBytes(config.dataMemoryMiB()));
        server = new IscsiServer(settings, () -> access.rules());
        context.addBundleListener(stopping);
    }

    /** The framework stops its bundles in an order of its own; what is under way needs its storage until it has ended. */
    private void closeBeforeAll(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            server.close(EndReason.GATEWAY_STOPS);
        }
    }

    /** Until somebody says who may use what, nobody may use anything. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setAccessControl(AccessControl control) {
        access = control;
    }

    void unsetAccessControl(AccessControl control) {
        if (access == control) {
            access = () -> AccessRules.NOBODY;
        }
    }

    /** A setting that was enough for an earlier version is no reason not to start. */
    private static long dataMemoryBytes(int mebibytes) {
        long bytes = (long) mebibytes << 20;
        if (bytes >= DataBudget.MINIMUM) {
            return bytes;
        }
        LOG.warn("dataMemoryMiB = {} is too little, using {}", mebibytes, DataBudget.MINIMUM >> 20);
        return DataBudget.MINIMUM;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTarget(ScsiTarget target) {
        server.addTarget(target);
    }

    void removeTarget(ScsiTarget target) {
        server.removeTarget(target);
    }

    /** With the whole framework the gateway stops; otherwise this bundle, or its settings, are being changed. */
    @Deactivate
    void close(BundleContext context) {
        context.removeBundleListener(stopping);
        boolean all = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
        server.close(all ? EndReason.GATEWAY_STOPS : EndReason.TRANSPORT_RESTARTS);
    }

    @Override
    public void listen(PortalConfig portal) throws ConfigException {
        server.listen(portal);
    }

    @Override
    public void unlisten(PortalConfig portal) {
        server.unlisten(portal);
    }

    @Override
    public List<PortalConfig> listening() {
        return server.listening();
    }

    @Override
    public TransportStatus status() {
        return server.status();
    }

    @Override
    public List<SessionStatus> sessions() {
        return server.sessions();
    }

    @Override
    public boolean closeSession(int id) {
        return server.closeSession(id);
    }

    @Override
    public void closeSessions(String target, Cause cause) {
        server.closeSessions(target, cause);
    }

    @Override
    public void accessChanged() {
        server.accessChanged();
    }
}

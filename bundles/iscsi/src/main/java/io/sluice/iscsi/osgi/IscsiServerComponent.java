package io.sluice.iscsi.osgi;

import io.netty.channel.EventLoopGroup;
import io.sluice.access.AccessControl;
import io.sluice.access.AccessRules;
import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.portal.IscsiServer;
import io.sluice.iscsi.session.EndReason;
import io.sluice.management.SessionHabits;
import io.sluice.management.SessionStatus;
import io.sluice.management.Transport;
import io.sluice.management.TransportStatus;
import io.sluice.management.TransportTrace;
import io.sluice.metrics.MetricSink;
import io.sluice.metrics.MetricSource;
import io.sluice.scsi.target.ScsiTarget;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers the iSCSI server as a service and gives it the targets that come and go. */
@Component(configurationPid = ServerSettingsFile.PID)
public final class IscsiServerComponent implements Transport, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(IscsiServerComponent.class);

    private final IscsiServer server;
    private final List<String> problems;

    /** Backstores that do not block have their connections served on the thread of the session that asks. */
    private final ServiceRegistration<EventLoopGroup> lent;

    private final SynchronousBundleListener stopping = this::closeBeforeAll;
    private volatile AccessControl access = () -> AccessRules.NOBODY;

    /** Starts the server; it listens where the management service says. */
    @Activate
    public IscsiServerComponent(Map<String, Object> values, BundleContext context) {
        ServerSettingsFile file = ServerSettingsFile.of(values);
        file.problems().forEach(problem -> LOG.warn("{}", problem));
        problems = file.problems();
        server = new IscsiServer(file.settings(), () -> access.rules());
        lent = context.registerService(
                EventLoopGroup.class, server.loops(), new Hashtable<>(Map.of("sluice.transport", "iscsi")));
        context.addBundleListener(stopping);
    }

    /** The framework stops its bundles in an order of its own; what is under way needs its storage until it has ended. */
    private void closeBeforeAll(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            end(EndReason.GATEWAY_STOPS);
        }
    }

    /** Whoever uses the event loops leaves them first, and goes on serving what is under way until it has ended. */
    private synchronized void end(EndReason reason) {
        try {
            lent.unregister();
        } catch (IllegalStateException gone) {
            LOG.debug("the event loops were taken back already", gone);
        }
        server.close(reason);
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
        end(all ? EndReason.GATEWAY_STOPS : EndReason.TRANSPORT_RESTARTS);
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
    public void collect(MetricSink sink) {
        server.collect(sink);
    }

    @Override
    public List<String> problems() {
        return problems;
    }

    @Override
    public List<SessionStatus> sessions() {
        return server.sessions();
    }

    @Override
    public List<SessionHabits> habits() {
        return server.habits();
    }

    @Override
    public TransportTrace trace() {
        return server.trace();
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

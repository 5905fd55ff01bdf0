package io.sluice.manager.audit;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.management.AccessManagement;
import io.sluice.management.Advice;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.JobManagement;
import io.sluice.management.LayerManagement;
import io.sluice.management.MoveStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.TraceManagement;
import io.sluice.metrics.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A gateway that writes down every change that is asked for, also those that are refused. Of options the keys are named and
 * not the values, which may be secrets. What only tells something is passed on.
 */
public final class AuditedGateway implements Gateway {

    private final Gateway gateway;
    private final AuditTrail trail;

    /** @param gateway does the work */
    public AuditedGateway(Gateway gateway, AuditTrail trail) {
        this.gateway = gateway;
        this.trail = trail;
    }

    /** The change comes through here, and is written down by itself. */
    @Override
    public <T> T changeIf(Predicate<GatewayConfig> expected, Change<T> change) throws ConfigException {
        return gateway.changeIf(expected, change);
    }

    @Override
    public List<String> applyConfiguration() throws ConfigException {
        return trail.change(
                "apply the configuration document",
                gateway::applyConfiguration,
                changes -> changes.isEmpty() ? "done, nothing was changed" : "done: " + String.join("; ", changes));
    }

    @Override
    public BackstoreConfig createBackstore(BackstoreRequest request) throws ConfigException {
        return trail.change(
                "create backstore " + words(request),
                () -> gateway.createBackstore(request),
                made -> done(request, made));
    }

    @Override
    public void resizeBackstore(String name, long sizeBytes) throws ConfigException {
        trail.order(
                "resize backstore " + name + " to " + size(sizeBytes), () -> gateway.resizeBackstore(name, sizeBytes));
    }

    @Override
    public BackstoreConfig moveBackstore(String name, String type, Map<String, String> options, long bytesPerSecond)
            throws ConfigException {
        return trail.change(
                "move backstore " + name + " to type " + type,
                () -> gateway.moveBackstore(name, type, options, bytesPerSecond),
                to -> "begun");
    }

    @Override
    public void setMoveRate(String name, long bytesPerSecond) throws ConfigException {
        trail.order(
                "move backstore " + name + " at "
                        + (bytesPerSecond == 0 ? "full speed" : bytesPerSecond + " bytes per second"),
                () -> gateway.setMoveRate(name, bytesPerSecond));
    }

    @Override
    public void cancelMove(String name) throws ConfigException {
        trail.order("cancel the move of backstore " + name, () -> gateway.cancelMove(name));
    }

    @Override
    public void reopenBackstore(String name, boolean empty) throws ConfigException {
        trail.order(
                "reopen backstore " + name + (empty ? ", which may begin empty" : ""),
                () -> gateway.reopenBackstore(name, empty));
    }

    @Override
    public void takeOverBackstore(String name, boolean force) throws ConfigException {
        trail.order(
                "take over backstore " + name + (force ? " by force" : ""),
                () -> gateway.takeOverBackstore(name, force));
    }

    @Override
    public void deleteBackstore(String name) throws ConfigException {
        trail.order("delete backstore " + name, () -> gateway.deleteBackstore(name));
    }

    @Override
    public void createTarget(IscsiName name, List<String> backstores) throws ConfigException {
        trail.order(
                "create target " + name
                        + (backstores.isEmpty() ? "" : " with backstores " + String.join(", ", backstores)),
                () -> gateway.createTarget(name, backstores));
    }

    @Override
    public BackstoreConfig createTarget(IscsiName name, BackstoreRequest backstore) throws ConfigException {
        return trail.change(
                "create target " + name + " with backstore " + words(backstore),
                () -> gateway.createTarget(name, backstore),
                made -> done(backstore, made));
    }

    @Override
    public void setTargetEnabled(IscsiName name, boolean enabled) throws ConfigException {
        trail.order(
                (enabled ? "enable target " : "disable target ") + name, () -> gateway.setTargetEnabled(name, enabled));
    }

    @Override
    public void setTargetAccessState(IscsiName name, AccessState state) throws ConfigException {
        trail.order(
                "set access state of target " + name + " to " + state.label(),
                () -> gateway.setTargetAccessState(name, state));
    }

    @Override
    public void deleteTarget(IscsiName name, boolean force) throws ConfigException {
        trail.order("delete target " + name + forced(force), () -> gateway.deleteTarget(name, force));
    }

    @Override
    public void mapLun(IscsiName target, LunConfig lun) throws ConfigException {
        trail.order(
                "map backstore " + lun.backstore() + " to LUN " + lun.lun() + " of target " + target
                        + (lun.readOnly() ? ", read-only" : ""),
                () -> gateway.mapLun(target, lun));
    }

    @Override
    public void unmapLun(IscsiName target, int lun, boolean force) throws ConfigException {
        trail.order(
                "unmap LUN " + lun + " of target " + target + forced(force),
                () -> gateway.unmapLun(target, lun, force));
    }

    @Override
    public String replaceLun(IscsiName target, int lun, String backstore) throws ConfigException {
        return trail.change(
                "put backstore " + backstore + " in the place of LUN " + lun + " of target " + target,
                () -> gateway.replaceLun(target, lun, backstore),
                former -> "done; it was backstore " + former);
    }

    @Override
    public void createPortal(PortalConfig portal) throws ConfigException {
        trail.order("create portal " + words(portal), () -> gateway.createPortal(portal));
    }

    @Override
    public void changePortal(PortalConfig portal) throws ConfigException {
        trail.order("change portal " + words(portal), () -> gateway.changePortal(portal));
    }

    @Override
    public void deletePortal(PortalConfig portal) throws ConfigException {
        trail.order("delete portal " + portal, () -> gateway.deletePortal(portal));
    }

    @Override
    public void closeSession(int id) throws ConfigException {
        trail.order("close session " + id, () -> gateway.closeSession(id));
    }

    private static String forced(boolean force) {
        return force ? ", with its users" : "";
    }

    private static String words(BackstoreRequest request) {
        List<String> words = new ArrayList<>();
        words.add("type " + request.type());
        if (request.sizeBytes() != 0) {
            words.add(size(request.sizeBytes()));
        }
        if (request.readOnly()) {
            words.add("read-only");
        }
        if (!request.options().isEmpty()) {
            words.add("with " + String.join(" and ", request.options().keySet()));
        }
        return request.name() + " (" + String.join(", ", words) + ")";
    }

    /** Of storage that exists the size is known only now. */
    private static String done(BackstoreRequest request, BackstoreConfig made) {
        return request.sizeBytes() == 0 ? "done, it has " + size(made.sizeBytes()) : "done";
    }

    /** In the largest unit that says it exactly. */
    private static String size(long bytes) {
        String[] units = {" bytes", " KiB", " MiB", " GiB", " TiB"};
        int unit = 0;
        long number = bytes;
        while (unit < units.length - 1 && number > 0 && number % 1024 == 0) {
            number /= 1024;
            unit++;
        }
        return number + units[unit];
    }

    @Override
    public GatewayStatus status() {
        return gateway.status();
    }

    @Override
    public Optional<String> stateProblem() {
        return gateway.stateProblem();
    }

    @Override
    public Statistics statistics() {
        return gateway.statistics();
    }

    @Override
    public GatewayConfig config() {
        return gateway.config();
    }

    @Override
    public List<BackstoreTypeStatus> backstoreTypes() {
        return gateway.backstoreTypes();
    }

    @Override
    public List<MoveStatus> moves() {
        return gateway.moves();
    }

    @Override
    public List<BackstoreStatus> backstores() {
        return gateway.backstores();
    }

    @Override
    public List<TargetStatus> targets() {
        return gateway.targets();
    }

    @Override
    public List<PortalStatus> portals() {
        return gateway.portals();
    }

    @Override
    public List<SessionStatus> sessions() {
        return gateway.sessions();
    }

    private static String words(PortalConfig portal) {
        return portal
                + (portal.group() == 1 ? "" : " in group " + portal.group())
                + (portal.announce().isEmpty() ? "" : ", announced as " + portal.announce())
                + (portal.openToAll() ? ", open to all" : "");
    }

    @Override
    public JobManagement jobs() {
        return new AuditedJobs(gateway.jobs(), trail);
    }

    @Override
    public LayerManagement layers() {
        return new AuditedLayers(gateway.layers(), trail);
    }

    @Override
    public AccessManagement access() {
        return new AuditedAccess(gateway.access(), trail);
    }

    @Override
    public ConfigurationManagement configuration() {
        return new AuditedConfiguration(gateway.configuration(), trail);
    }

    @Override
    public TraceManagement trace() {
        return new AuditedTraces(gateway.trace(), trail);
    }

    @Override
    public List<Advice> advice() {
        return gateway.advice();
    }
}

package io.sluice.management;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.metrics.Statistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one management service: shell, REST and tests all go through it.
 *
 * <p>A change is checked, made, and written to the configuration file before its method returns; when it throws
 * {@link ConfigException} nothing has changed, unless it says that the change is still going on. Changes are made one after
 * the other, on a thread of the gateway: whoever waits for one may be interrupted without harm. What only tells something
 * answers at once, whatever is under way. Any thread may call.
 */
@ProviderType
public interface Gateway {

    /** Returns the gateway at a glance. */
    GatewayStatus status();

    /**
     * Returns why what is in the folder of states may be another gateway's, and is not to be used or changed, in one line with what
     * to do; empty if this gateway has the folder, which it may have with a configuration that was refused too.
     */
    Optional<String> stateProblem();

    /** Returns the whole configuration. */
    GatewayConfig config();

    /** Returns what hosts have done, since the LUNs that they did it through were mapped. */
    Statistics statistics();

    /**
     * Takes over the configuration document as somebody has changed it, whole or not at all. What is the same in both stays as
     * it is, with its sessions; what a document leaves out that has a default is filled in and written back.
     *
     * @return what was changed, one line each; empty if nothing was
     */
    List<String> applyConfiguration() throws ConfigException;

    /** Returns the kinds of backstores that can be created now. */
    List<BackstoreTypeStatus> backstoreTypes();

    /** Returns all backstores, by name. */
    List<BackstoreStatus> backstores();

    /** Makes a backstore and returns its configuration with everything filled in. */
    BackstoreConfig createBackstore(BackstoreRequest request) throws ConfigException;

    /**
     * Changes a backstore's capacity while it is in use; initiators are told.
     *
     * @param sizeBytes the new size; making it smaller is refused
     */
    void resizeBackstore(String name, long sizeBytes) throws ConfigException;

    /**
     * Begins to copy a backstore to other storage, which takes the place of the old one when everything has been compared: hosts
     * go on, wait for a moment then, and are told nothing. The old storage is left as it was. Goes on after a restart. Until it
     * is over, the backstore cannot be changed or deleted.
     *
     * @param type kind of the new storage
     * @param options its settings
     * @param bytesPerSecond how fast it may be copied; 0 for as fast as it goes
     * @return what its configuration will be
     */
    BackstoreConfig moveBackstore(String name, String type, Map<String, String> options, long bytesPerSecond)
            throws ConfigException;

    /** Returns the moves that are under way, and the last one of each backstore since the gateway was started. */
    List<MoveStatus> moves();

    /** Changes how fast a backstore is copied; 0 for as fast as it goes. */
    void setMoveRate(String name, long bytesPerSecond) throws ConfigException;

    /** Ends a move: hosts go on with the old storage, and what was made for it is removed. */
    void cancelMove(String name) throws ConfigException;

    /**
     * Closes the storage of a backstore and opens it anew, which clears the latch of a store that has failed. If it is well,
     * initiators notice nothing but a delay; if it is away, it is tried again at once.
     *
     * @param empty whether a store that does not keep its data, and has lost it, may begin empty; without it, it stays offline
     */
    void reopenBackstore(String name, boolean empty) throws ConfigException;

    /**
     * Serves a backstore that another gateway has too from here. Returns when it is.
     *
     * @param force whether who serves it is shut out at once; without it, it is asked to give way, and refused if it does not
     */
    void takeOverBackstore(String name, boolean force) throws ConfigException;

    /** Removes a backstore from the configuration; its data stays. Refused while it is mapped. */
    void deleteBackstore(String name) throws ConfigException;

    /** Returns all targets, by name. */
    List<TargetStatus> targets();

    /**
     * Makes a target and maps backstores to its LUNs from 0 up.
     *
     * @param backstores names of backstores that exist; may be empty
     */
    void createTarget(IscsiName name, List<String> backstores) throws ConfigException;

    /**
     * Makes a backstore and a target that has it as LUN 0, both or neither.
     *
     * @return the backstore's configuration
     */
    BackstoreConfig createTarget(IscsiName name, BackstoreRequest backstore) throws ConfigException;

    /** Lets initiators log in to a target, or ends its sessions and refuses new ones. */
    void setTargetEnabled(IscsiName name, boolean enabled) throws ConfigException;

    /** Sets the asymmetric access state of all ports of a target (ALUA); initiators are told. */
    void setTargetAccessState(IscsiName name, AccessState state) throws ConfigException;

    /**
     * Removes a target; its backstores stay.
     *
     * @param force whether to end its sessions; without it, a target in use is refused
     */
    void deleteTarget(IscsiName name, boolean force) throws ConfigException;

    /** Maps a backstore to a LUN of a target. */
    void mapLun(IscsiName target, LunConfig lun) throws ConfigException;

    /**
     * Removes a mapping and waits a while for its commands; sessions see REPORTED LUNS DATA HAS CHANGED.
     *
     * @param force whether to take it away from sessions of the target; without it, a LUN that they can reach is refused
     */
    void unmapLun(IscsiName target, int lun, boolean force) throws ConfigException;

    /**
     * Puts another backstore in the place of one that is in use, under live sessions: commands wait a moment, none fails. What
     * hosts see of the disk stays as it is, such as identity, reservations, mode pages and settings, with all its LUNs; only the
     * blocks are those of the other one, and hosts are told so. The backstore that was there is not mapped any more and has a
     * new identity. Refused if the other one is mapped, is smaller, has another block size, is not online, or cannot do what
     * hosts use.
     *
     * @return the name of the backstore that was there
     */
    String replaceLun(IscsiName target, int lun, String backstore) throws ConfigException;

    /** Returns all portals; none if the configuration was refused, and then the problems of {@link #status} say why. */
    List<PortalStatus> portals();

    /**
     * Listens on an address; refused if it cannot be had now. One that is missing at a start is opened when it comes. Refused,
     * too, where strangers could come that way to a target that nothing is said of, unless the portal is said to be open to all.
     */
    void createPortal(PortalConfig portal) throws ConfigException;

    /**
     * Changes the portal of an address: its group, what is announced, whether it is open to all. It goes on listening, and
     * sessions go on, unless their target may not be used that way any more. Refused like {@link #createPortal} if the change
     * would let strangers in.
     */
    void changePortal(PortalConfig portal) throws ConfigException;

    /** Stops listening on an address; sessions on it go on. */
    void deletePortal(PortalConfig portal) throws ConfigException;

    /** Returns all sessions, by id. */
    List<SessionStatus> sessions();

    /** Ends a session; the initiator may log in again. */
    void closeSession(int id) throws ConfigException;

    /** A change, as a caller makes it by a method of the gateway. */
    @FunctionalInterface
    interface Change<T> {

        /** Makes it. */
        T make() throws ConfigException;
    }

    /**
     * Makes a change only if nobody has made another one meanwhile that matters to the caller.
     *
     * @param expected whether the configuration is what the caller knows; asked when the turn of the change has come, on the
     *     thread of the gateway, and must not wait
     * @param change calls a method of this gateway that changes the configuration, in the thread of the caller; of several the
     *     first is bound to what is expected
     * @return what the change returns
     * @throws ConfigException of the kind {@code CHANGED} if it is not as expected; nothing has been changed then
     */
    <T> T changeIf(Predicate<GatewayConfig> expected, Change<T> change) throws ConfigException;

    /** Returns the part that knows what goes on for longer. */
    JobManagement jobs();

    /** Returns the part that has to do with layers of backstores. */
    LayerManagement layers();

    /** Returns the part that says who may use what. */
    AccessManagement access();

    /** Returns the part that takes the configuration as a document, and keeps its history. */
    ConfigurationManagement configuration();

    /** Returns the part that shows what initiators send and are sent. */
    TraceManagement trace();

    /** Looks at all sessions, and returns what in their initiators' settings hurts or will, by session; empty if nothing does. */
    List<Advice> advice();
}

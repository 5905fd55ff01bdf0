package io.sluice.rest.resource;

import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other bundles have added to the server. Any thread may call. */
public final class Resources {

    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

    /** Where a browser is sent that asks for nothing in particular. */
    private static final String START = "/console/";

    private static final List<String> OWN = List.of("/api/", "/health/");

    private final List<Place> places = new CopyOnWriteArrayList<>();

    /**
     * A resource, with what it has said of itself when it came.
     *
     * @param path where it is
     * @param role who may read it; empty for whoever reaches the server
     */
    public record Place(String path, Optional<Role> role, HttpResource resource) {

        private boolean isFor(String asked) {
            return path.endsWith("/") ? asked.startsWith(path) : asked.equals(path);
        }
    }

    /** Adds a resource. One that does not say where it is, or that could never be reached, is left out. */
    public void add(HttpResource resource) {
        try {
            Place place = new Place(resource.path(), resource.role(), resource);
            if (place.path() == null || !place.path().startsWith("/") || place.role() == null) {
                LOG.error("{} is not served: it has no path, or says nothing of a role", name(resource));
            } else if (isOwn(place.path())) {
                LOG.error("{} is not served: {} is the server's own", name(resource), place.path());
            } else {
                places.add(place);
            }
        } catch (RuntimeException | Error bug) {
            LOG.error("{} is not served: it does not say where it is", name(resource), bug);
        }
    }

    private static String name(HttpResource resource) {
        return resource.getClass().getName();
    }

    /** Takes a resource away; a request that it answers goes on. */
    public void remove(HttpResource resource) {
        places.removeIf(place -> place.resource() == resource);
    }

    /** Returns whether a path is for what the server has itself. */
    public static boolean isOwn(String path) {
        return OWN.stream().anyMatch(own -> (path + "/").startsWith(own));
    }

    /** Returns the resource with the longest path that an asked one is at, or below; of two at one path the elder. */
    public Optional<Place> find(String asked) {
        return places.stream()
                .filter(place -> place.isFor(asked))
                .max(Comparator.<Place>comparingInt(place -> place.path().length())
                        .thenComparing(places::indexOf, Comparator.reverseOrder()));
    }

    /** Returns where a request is sent to that has come to no resource; empty if there is nothing. */
    public Optional<String> redirect(String asked) {
        String there = asked.equals("/") ? START : asked + "/";
        return places.stream().map(Place::path).filter(there::equals).findFirst();
    }
}

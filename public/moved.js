// A place on a page that has moved is found again: the refresh that the page asks for would lose it.
location.replace(document.links[0].href.split('#')[0] + (location.hash || document.links[0].hash));

// express, passport-openidconnect, express-session, connect-redis, each as its README shows.
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OpenIDConnectStrategy from 'passport-openidconnect';
import { createClient } from 'redis';
import { CLIENT_ID, CLIENT_SECRET, callbackUrl, ISSUER, PORT, REDIS_URL, sayReady } from './settings.js';

const client = createClient({ url: REDIS_URL });
await client.connect();
const metadata = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json();

passport.use(
  new OpenIDConnectStrategy(
    {
      issuer: metadata.issuer,
      authorizationURL: metadata.authorization_endpoint,
      tokenURL: metadata.token_endpoint,
      userInfoURL: metadata.userinfo_endpoint ?? `${ISSUER}/userinfo`,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: callbackUrl,
      scope: ['profile', 'email'],
      nonce: true,
    },
    (_issuer, profile, done) => done(null, { id: profile.id }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(
  session({
    store: new RedisStore({ client, prefix: 'passport:' }),
    secret: 'only for this bench',
    resave: false,
    saveUninitialized: false,
  }),
);
app.use(passport.authenticate('session'));
app.get('/login', passport.authenticate('openidconnect'));
app.get('/callback', passport.authenticate('openidconnect', { successRedirect: '/', failureRedirect: '/failed' }));
app.get('/me', (request, response) => void response.sendStatus(request.isAuthenticated() ? 200 : 401));
app.use((_failure, _request, response, _next) => void response.sendStatus(500));
app.listen(PORT, '127.0.0.1', sayReady);
